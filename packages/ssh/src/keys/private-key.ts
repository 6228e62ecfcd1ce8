import { sshKeyIdentity } from "@anygpu/core"
import ssh2, { type ParsedKey } from "ssh2"

/** A private key as it was read, before anybody was asked for its passphrase. */
export interface PrivateKey {
  readonly text: string
  readonly encrypted: boolean
  /** Its public half as `ssh-ed25519 AAAA...`; null where that stands nowhere in clear. */
  readonly publicKey: string | null
}

const magic = "openssh-key-v1\0"

/** The public half that an OpenSSH private key carries in clear, and whether the rest is encrypted. */
const openSshParts = (text: string): { readonly encrypted: boolean; readonly publicKey: string } | null => {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1]
  if (body === undefined) return null
  const bytes = Buffer.from(body.replace(/\s+/g, ""), "base64")
  if (bytes.toString("latin1", 0, magic.length) !== magic) return null
  let at = magic.length
  const field = (): Buffer => {
    const length = bytes.readUInt32BE(at)
    const value = bytes.subarray(at + 4, at + 4 + length)
    if (value.length < length) throw new RangeError("the key is cut off")
    at += 4 + length
    return value
  }
  const cipher = field().toString("latin1")
  field() // how the passphrase becomes a key
  field() // its options
  at += 4 // how many keys: one
  const blob = field()
  const type = blob.toString("latin1", 4, 4 + blob.readUInt32BE(0))
  return { encrypted: cipher !== "none", publicKey: `${type} ${blob.toString("base64")}` }
}

const isEncryptedPem = (text: string): boolean => /ENCRYPTED/.test(text)

/** The first key of a text; an Error where `ssh2` reads no key in it. */
const parse = (text: string, passphrase?: string): ParsedKey | Error => {
  const parsed = ssh2.utils.parseKey(text, passphrase)
  return Array.isArray(parsed) ? (parsed[0] ?? new Error("there is no key in it")) : parsed
}

const publicText = (key: ParsedKey): string => `${key.type} ${key.getPublicSSH().toString("base64")}`

/** Reads a private key; null for another text. `sibling`: the text of the `.pub` file beside it, where there is one. */
export const readPrivateKey = (text: string, sibling: string | null): PrivateKey | null => {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return null
  try {
    const parts = openSshParts(text)
    if (parts) return { text, ...parts }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  const known = sibling === null ? null : sshKeyIdentity(sibling)
  if (isEncryptedPem(text)) return { text, encrypted: true, publicKey: known }
  const key = parse(text)
  return { text, encrypted: false, publicKey: key instanceof Error ? known : publicText(key) }
}

/** The key, ready to sign; an Error says why not, such as a wrong passphrase. */
export const openPrivateKey = (key: PrivateKey, passphrase?: string): ParsedKey | Error => parse(key.text, passphrase)
