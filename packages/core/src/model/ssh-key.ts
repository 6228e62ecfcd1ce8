import type { NativeFacts } from "./instance.ts"

/** A public key that the account, or a machine, lets in. */
export interface SshKey {
  readonly id: string
  /** The comment or name, where there is one. */
  readonly name: string | null
  /** The key as text; null when the cloud gives only its fingerprint. */
  readonly publicKey: string | null
  readonly fingerprint: string | null
  /** What else the cloud says of it, under its own names; absent where that is nothing. */
  readonly native?: NativeFacts
}

/** Algorithm and body of a public key, without its comment: two keys are the same when these are. */
export const sshKeyIdentity = (publicKey: string): string => publicKey.trim().split(/\s+/).slice(0, 2).join(" ")

const algorithms =
  /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/

/** What OpenSSH itself reads of a line at most, in characters. */
const longest = 16_384

/** What is wrong with a text that should be one OpenSSH public key, or null. Private keys are named as such. */
export const sshKeyProblem = (text: string): string | null => {
  if (/PRIVATE KEY/.test(text)) return "this is a private key: give the public one (the .pub file)"
  const [algorithm = "", body = ""] = text.trim().split(/\s+/)
  if (!algorithms.test(algorithm)) return "an OpenSSH public key starts with ssh-ed25519, ssh-rsa or ecdsa-sha2-..."
  if (!/^[A-Za-z0-9+/]{16,}={0,3}$/.test(body)) return "the part after the algorithm is not base64"
  if (text.length > longest) return `a public key has at most ${longest} characters: this one has ${text.length}`
  return /[\r\n]/.test(text.trim()) ? "one key per text: this one has several lines" : null
}
