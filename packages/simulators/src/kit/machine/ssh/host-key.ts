import { createHash, createPrivateKey, createPublicKey } from "node:crypto"

/** The key by which a machine is known. */
export interface HostKey {
  /** In the form of OpenSSH. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA...` */
  readonly publicKey: string
}

const text = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** What comes before the 32 bytes of a key in PKCS #8. Source: RFC 8410, section 7. */
const prefix = Buffer.from("302e020100300506032b657004220420", "hex")

const publicBytes = (secret: Buffer): Buffer => {
  const key = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: "der", type: "pkcs8" })
  const { x = "" } = createPublicKey(key).export({ format: "jwk" })
  return Buffer.from(String(x), "base64url")
}

/**
 * The key of a machine, made of what it is: the same text gives the same key.
 *
 * - Source of the form: OpenSSH, PROTOCOL.key.
 */
export const hostKeyOf = (name: string): HostKey => {
  const secret = createHash("sha256").update(`anygpu simulated host key ${name}`).digest()
  const open = publicBytes(secret)
  const blob = Buffer.concat([text("ssh-ed25519"), text(open)])
  const check = Buffer.from("01020304", "hex")
  const body = Buffer.concat([
    check,
    check,
    text("ssh-ed25519"),
    text(open),
    text(Buffer.concat([secret, open])),
    text("")
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1))
  const count = Buffer.from("00000001", "hex")
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[text("none"), text("none"), text(""), count, text(blob), text(Buffer.concat([body, padding]))]
  ])
  const lines = whole.toString("base64").replaceAll(/.{70}(?=.)/g, "$&\n")
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `ssh-ed25519 ${blob.toString("base64")}`
  }
}
