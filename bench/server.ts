import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { readPart } from "./cloud-parts.ts"

/*
 * A cloud in a process of its own, so that its work is no part of what is measured: it answers from bytes prepared once.
 *
 *   server.ts <number of offers> <pages: "paged" or "whole"> <"ascii", to send no other characters>
 */

const [count, pages, characters] = [
  Number(process.argv[2]),
  process.argv[3] === "paged" ? ("paged" as const) : ("whole" as const),
  process.argv[4]
]

const { path, answers, whole } = await readPart("search")
const answerTo = await answers(count, pages)
const machine = Buffer.from(await (await readPart("read")).answer())
const prepared = new Map<string, Buffer>()

const pageOf = (body: string): Buffer => {
  const { key, text } = answerTo(body)
  const known = prepared.get(key)
  if (known) return known
  const made = Buffer.from(characters === "ascii" ? text().replace(/[^\0-\x7f]/g, "?") : text())
  prepared.set(key, made)
  return made
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const answer = request.url === path ? pageOf(Buffer.concat(chunks).toString("utf8")) : machine
  response.writeHead(200, { "content-type": "application/json", "content-length": answer.length })
  response.end(answer)
})
server.listen(0, "127.0.0.1", () => {
  const bytes = pageOf(whole(count)).length
  process.send?.({ port: (server.address() as AddressInfo).port, bytes })
})
process.on("disconnect", () => process.exit())
