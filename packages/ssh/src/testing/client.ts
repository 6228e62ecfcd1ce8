/*
 * A client that may be killed at any moment: starts a job, or comes back to the one that has its id, and appends what that
 * writes to a file, from the byte on at which the file ends. Prints how the job ended, as JSON.
 *
 *   node --conditions=anygpu-source packages/ssh/src/testing/client.ts <port> <user> <key> <ssh2|openssh> <id> <file> <command>
 */
import { closeSync, fstatSync, openSync, writeSync } from "node:fs"
import { connect } from "../index.ts"

const [port, user = "", key = "", transport, id = "", path = "", command = ""] = process.argv.slice(2)
await using machine = await connect(
  { host: "127.0.0.1", port: Number(port), user },
  { key, agent: false, transport: transport === "openssh" ? "openssh" : "ssh2", within: "1 minute" }
)
const job = await machine.start(command, { id })
const file = openSync(path, "a")
for await (const chunk of job.output({ from: fstatSync(file).size })) {
  for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
}
closeSync(file)
console.log(JSON.stringify(await job.wait()))
