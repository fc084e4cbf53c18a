-- The rate that a signed contract prints; none where it says that the official rate of the day applies. Another one at release needs a new
-- signature.
alter table loan add column contract_rate numeric(6, 4);
