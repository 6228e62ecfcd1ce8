import { sha256 } from "@noble/hashes/sha2.js"
import { base64Of, bytesOf } from "./base64.ts"

/** A public ssh key as clouds report it. */
export interface PublicKey {
  /** The text without its comment. */
  readonly text: string
  /** The first word, as `ssh-ed25519`. */
  readonly type: string
  readonly comment: string
  /** `SHA256:` and the hash of the key as base64 without padding, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
}

const form = /^((?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-\S+))\s+([A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/

/** Reads the line of a public key; undefined for another text. */
export const publicKeyIn = (line: string): PublicKey | undefined => {
  const [, type, blob, comment = ""] = form.exec(line.trim()) ?? []
  if (type === undefined || blob === undefined) return undefined
  const hash = base64Of(sha256(bytesOf(blob)))
  return { text: `${type} ${blob}`, type, comment, fingerprint: `SHA256:${hash.replace(/=+$/, "")}` }
}
