import { KeyObject } from "node:crypto"
import { EventEmitter, once } from "node:events"
import { connect, createServer } from "node:net"
import { Client } from "ssh2"
import { expect, test, vi } from "vitest"
import { inOneWrite, withCheckedKeys } from "./ssh2-speed.ts"

const fieldsOf = (cipher: unknown) => ({ _cipher: cipher, _decipher: cipher })

test("the keys of both ciphers are checked once, after each exchange of keys", () => {
  const client = new Client()
  withCheckedKeys(client)
  for (const byte of [1, 2]) {
    const [cipher, decipher] = [{ _encKey: Buffer.alloc(16, byte) }, { _decipherKey: Buffer.alloc(16, byte + 2) }]
    Reflect.set(client, "_protocol", { _cipher: cipher, _decipher: decipher })
    EventEmitter.prototype.emit.call(client, "handshake", {})
    for (const [key, value] of [
      [Reflect.get(cipher, "_encKey"), byte],
      [Reflect.get(decipher, "_decipherKey"), byte + 2]
    ] as const) {
      if (!(key instanceof KeyObject)) throw new Error("the key is bytes still")
      expect(key.export()).toEqual(Buffer.alloc(16, value))
    }
  }
})

test("a cipher that keeps no key there is left alone", () => {
  const client = new Client()
  withCheckedKeys(client)
  for (const protocol of [undefined, {}, fieldsOf(null), fieldsOf({}), fieldsOf({ _encKey: "text" })]) {
    Reflect.set(client, "_protocol", protocol)
    EventEmitter.prototype.emit.call(client, "handshake", {})
    expect(Reflect.get(client, "_protocol")).toEqual(protocol)
  }
})

test("what is written in one turn leaves at once, in its order, also when the other side has ended", async () => {
  const received: string[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (chunk) => received.push(String(chunk)))
    socket.on("end", () => socket.end())
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  const socket = inOneWrite(connect({ port: address.port, host: "127.0.0.1", noDelay: true }))
  await once(socket, "connect")
  const uncork = vi.spyOn(socket, "uncork")
  for (const turn of ["a", "b"]) {
    for (const part of ["1", "2", "3"]) socket.write(`${turn}${part} `)
    await new Promise((done) => setImmediate(done))
  }
  expect(uncork).toHaveBeenCalledTimes(2)
  socket.end()
  await once(socket, "close")
  expect(received.join("")).toBe("a1 a2 a3 b1 b2 b3 ")
  server.close()
})
