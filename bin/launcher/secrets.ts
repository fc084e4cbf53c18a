import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { newCounterpartKeys, privateKeyText, publicKeyText } from '#activities/ports/keys.ts'
import { counterparts } from '#contracts/machine/message.ts'

const text = z.string().min(16)

const secretsFile = z.strictObject({
  postgresPassword: text,
  ownerPassword: text,
  sandboxPassword: text,
  readPassword: text,
  deskPassword: text,
  workPassword: text,
  batchPassword: text,
  dataKey: text,
  hashKey: text,
  sealKey: text,
  machineKey: text,
  machinePublicKey: text,
  peerPrivateKeys: text,
  peerPublicKeys: text,
})

/** What the demo of one data folder keeps secret. Made once, never printed; whoever loses the file loses the data with it. */
export type DemoSecrets = z.output<typeof secretsFile>

/**
 * Reads the folder's secrets, or makes them on the first start (file mode 0600).
 * @throws Error when the file cannot be read as what it should be: new secrets beside old data would only hide the loss.
 */
export function demoSecrets(dataFolder: string): DemoSecrets {
  const file = join(dataFolder, 'secrets.json')
  if (existsSync(file)) return readSecrets(file)
  if (existsSync(join(dataFolder, 'postgres')))
    throw new Error(`${dataFolder} 里有数据而没有 secrets.json：请恢复该文件，或换一个数据目录（ANJU_DATA）`)
  const made = newSecrets()
  write(file, made)
  return made
}

function readSecrets(file: string): DemoSecrets {
  try {
    return withAllPeers(file, secretsFile.parse(JSON.parse(readFileSync(file, 'utf8'))))
  } catch {
    throw new Error(`${file} 已损坏：请恢复该文件，或换一个数据目录（ANJU_DATA）`)
  }
}

/** A folder made when fewer houses were spoken to has no keys of the later ones: they are added, and those it has stay. */
function withAllPeers(file: string, kept: DemoSecrets): DemoSecrets {
  const [privateKeys, publicKeys] = [keysIn(kept.peerPrivateKeys), keysIn(kept.peerPublicKeys)]
  if (counterparts.every((name) => privateKeys[name] && publicKeys[name])) return kept
  const made = newCounterpartKeys()
  const whole = {
    ...kept,
    peerPrivateKeys: JSON.stringify({ ...keysIn(made.privateKeys), ...privateKeys }),
    peerPublicKeys: JSON.stringify({ ...keysIn(made.publicKeys), ...publicKeys }),
  }
  write(file, whole)
  return whole
}

const keysIn = (json: string): Record<string, string> => z.record(z.string(), z.string()).parse(JSON.parse(json))

function write(file: string, secrets: DemoSecrets): void {
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function newSecrets(): DemoSecrets {
  const password = (): string => randomBytes(24).toString('base64url')
  const key = (): string => randomBytes(32).toString('base64')
  const machine = generateKeyPairSync('ed25519')
  const peers = newCounterpartKeys()
  return {
    postgresPassword: password(),
    ownerPassword: password(),
    sandboxPassword: password(),
    readPassword: password(),
    deskPassword: password(),
    workPassword: password(),
    batchPassword: password(),
    dataKey: key(),
    hashKey: key(),
    sealKey: privateKeyText(generateKeyPairSync('ed25519').privateKey),
    machineKey: privateKeyText(machine.privateKey),
    machinePublicKey: publicKeyText(machine.publicKey),
    peerPrivateKeys: peers.privateKeys,
    peerPublicKeys: peers.publicKeys,
  }
}
