import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import { Duplex } from "node:stream"
import { expect, test } from "vitest"
import { sendEvents } from "./events.ts"

test("who does not read is not written to: what happens meanwhile costs no memory", async () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  let taken: () => void = () => {}
  const stuck = new Duplex({
    read: () => {},
    highWaterMark: 1024,
    write: (_part, _coding, done) => {
      taken = done
    }
  })
  response.assignSocket(stuck as Socket)
  const closing = new AbortController()
  let asked = 0
  let wake = () => {}
  const data = { text: "x".repeat(4096) }
  const reader = {
    next: () => {
      asked += 1
      return { event: "entries", data }
    }
  }
  const listen = (listener: () => void) => {
    wake = listener
    return () => {}
  }
  const sending = sendEvents({ response, signal: closing.signal, reader, listen })
  const atFirst = asked
  for (let news = 0; news < 10_000; news++) wake()
  expect(asked).toBe(atFirst)
  expect(response.writableLength).toBeLessThan(100_000)
  taken()
  closing.abort()
  await sending
  expect(response.destroyed).toBe(true)
})
