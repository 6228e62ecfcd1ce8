/** Which keys a login tries. */
export interface KeyOptions {
  /** A private key: the path of its file, or the key itself, in the form of OpenSSH or PEM. No other one is tried then. */
  readonly key?: string | Uint8Array | undefined
  /** Asked for the passphrase of an encrypted key when its turn comes; `name` tells which. Without it such keys are left out. */
  readonly passphrase?: ((name: string) => string | Promise<string>) | undefined
  /** The socket of the agent; false for none. That of SSH_AUTH_SOCK where it is left out. */
  readonly agent?: string | false | undefined
  /** Public keys, as text: only private keys of these are tried, such as those that the launch was given. */
  readonly publicKeys?: ReadonlyArray<string> | undefined
  /** Public keys, as text: private keys of these are tried before all others. A machine counts the tries. */
  readonly likelyKeys?: ReadonlyArray<string> | undefined
}
