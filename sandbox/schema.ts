import type { Pool } from 'pg'

/**
 * The outside world's books, in a schema of their own. `bank_entry` has the serial as its key: whatever the scripts say, this bank moves
 * money at most once per serial, and the tests count on it.
 */
const DDL = `
CREATE SCHEMA IF NOT EXISTS sandbox;
CREATE TABLE IF NOT EXISTS sandbox.record (
  kind text NOT NULL, key text NOT NULL, body jsonb NOT NULL, PRIMARY KEY (kind, key)
);
CREATE INDEX IF NOT EXISTS record_home_owners ON sandbox.record USING gin ((body -> 'owners')) WHERE kind = 'home';
CREATE TABLE IF NOT EXISTS sandbox.nonce (
  key_id text NOT NULL, nonce text NOT NULL, expires_at bigint NOT NULL, PRIMARY KEY (key_id, nonce)
);
CREATE TABLE IF NOT EXISTS sandbox.script (
  script_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service text NOT NULL, operation text, match text, behaviour jsonb NOT NULL, remaining int NOT NULL
);
CREATE TABLE IF NOT EXISTS sandbox.payment (
  serial text PRIMARY KEY, terms text NOT NULL, business_type text NOT NULL, amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  payer_account text NOT NULL, payee_account text NOT NULL, booked_on text NOT NULL,
  state text NOT NULL CHECK (state IN ('ACCEPTED', 'SUCCEEDED', 'FAILED')), failure text,
  later_state text, later_failure text, later_after_queries int, later_notices int NOT NULL DEFAULT 0, queries int NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS payment_booked_on ON sandbox.payment (booked_on);
CREATE TABLE IF NOT EXISTS sandbox.bank_entry (
  serial text PRIMARY KEY REFERENCES sandbox.payment, amount_fen bigint NOT NULL CHECK (amount_fen > 0),
  debit_account text NOT NULL, credit_account text NOT NULL, booked_on text NOT NULL
);
CREATE TABLE IF NOT EXISTS sandbox.notice (
  notice_seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notice_id text NOT NULL, serial text NOT NULL, body text NOT NULL,
  attempts int NOT NULL DEFAULT 0, due_at bigint NOT NULL DEFAULT 0, delivered_at text, last_error text
);
CREATE INDEX IF NOT EXISTS notice_waiting ON sandbox.notice (due_at) WHERE delivered_at IS NULL;
CREATE TABLE IF NOT EXISTS sandbox.mortgage (
  application_no text PRIMARY KEY, terms text NOT NULL, home_no text NOT NULL, amount_fen bigint NOT NULL, kind text NOT NULL,
  registered_on text, returned text, queries int NOT NULL DEFAULT 0, ready_after_queries int NOT NULL
);
ALTER TABLE sandbox.mortgage ADD COLUMN IF NOT EXISTS mortgagee text NOT NULL DEFAULT '住房公积金管理中心';
CREATE TABLE IF NOT EXISTS sandbox.certificate (
  certificate_no text PRIMARY KEY, home_no text NOT NULL, amount_fen bigint NOT NULL, mortgagee text NOT NULL, registered_on text NOT NULL
);
ALTER TABLE sandbox.certificate ADD COLUMN IF NOT EXISTS state text NOT NULL DEFAULT 'EFFECTIVE';
CREATE TABLE IF NOT EXISTS sandbox.commitment (
  contract_no text PRIMARY KEY, terms text NOT NULL, institution_id text NOT NULL, amount_fen bigint NOT NULL, declined text
);
CREATE TABLE IF NOT EXISTS sandbox.message (
  key text PRIMARY KEY, terms text NOT NULL, channel text NOT NULL, recipient text NOT NULL, template text NOT NULL, text text NOT NULL,
  taken_at text NOT NULL, undeliverable text, queries int NOT NULL DEFAULT 0, ready_after_queries int NOT NULL
);`

/** Any number, as long as no other program on this database locks the same. */
const SCHEMA_LOCK = 5_273_001

/** Creates what is missing. Two sandboxes that start at once wait for each other. */
export async function createSchema(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [SCHEMA_LOCK])
    await client.query(DDL)
    await client.query('SELECT pg_advisory_unlock($1)', [SCHEMA_LOCK])
  } finally {
    client.release()
  }
}
