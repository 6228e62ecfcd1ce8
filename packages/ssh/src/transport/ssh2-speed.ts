import { createSecretKey, type KeyObject } from "node:crypto"
import type { Socket } from "node:net"
import type { Client } from "ssh2"

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** Turns a key that a cipher of `ssh2` keeps as bytes into one that Node has checked; nothing where it keeps none there. */
const keepChecked = (cipher: unknown, field: string): void => {
  const key: unknown = isObject(cipher) ? Reflect.get(cipher, field) : undefined
  if (isObject(cipher) && key instanceof Uint8Array) {
    Reflect.set(cipher, field, createSecretKey(key) satisfies KeyObject)
  }
}

/**
 * Makes the ciphers of a connection cheaper, after each exchange of keys.
 *
 * - `ssh2` begins each packet with a new cipher of its key. Bytes are looked at and copied by Node each time, which takes
 *   more than the encryption of 32 KiB; a key object is not.
 */
export const withCheckedKeys = (client: Client): void => {
  client.on("handshake", () => {
    const protocol: unknown = Reflect.get(client, "_protocol")
    if (!isObject(protocol)) return
    keepChecked(Reflect.get(protocol, "_cipher"), "_encKey")
    keepChecked(Reflect.get(protocol, "_decipher"), "_decipherKey")
  })
}

/**
 * Sends what is written in one turn at once: `ssh2` writes three times for each packet, and without delay each would be a
 * packet of TCP.
 */
export const inOneWrite = (socket: Socket): Socket => {
  const { write } = socket
  const corked = (...given: ReadonlyArray<unknown>): unknown => {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    return Reflect.apply(write, socket, given)
  }
  return Object.defineProperty(socket, "write", { value: corked, writable: true, configurable: true })
}
