import type { Reply } from "../../kit/http.ts"
import { lengthened } from "../../kit/timeline.ts"
import { grepOf } from "../grep.ts"
import { bareFailure, type Call, failure, idIn, success, xmlFailure } from "../http.ts"
import type { Machine } from "../machine.ts"
import { findMachine, type World } from "../world.ts"

/** Where uploaded logs are read in process. Source: Vast docs, PUT request_logs, example of `result_url`. */
const logOrigin = "https://s3.amazonaws.com"

const logFolder = "/vast.ai/instance_logs/"

/** Every address of an uploaded log. */
export const logUrls = `${logOrigin}/vast.ai/*`

const machineIn = ({ world, params }: Call): Machine | undefined => {
  const id = idIn(params.id)
  return id === undefined ? undefined : findMachine(world, id)
}

/** Uploads a text and gives the address at which it becomes readable a little later: at a loopback server, its own. */
const upload = ({ world, incoming }: Call, text: string): string => {
  const name = `${world.random.hex(32)}.log`
  world.state.logs[name] = { text, readyAt: world.state.at + lengthened(world, world.timeline.logs) }
  return `${incoming.server ?? logOrigin}${logFolder}${name}`
}

/**
 * PUT /api/v0/instances/request_logs/{id}/. Source: Vast docs; vast-cli, api/instances.py.
 *
 * - `tail` and `daemon_logs` are strings; another type is a 400, status undocumented. `filter` is a pattern of grep; an
 *   invalid one matches nothing, which is undocumented.
 * - Logs of an instance that isn't running are undocumented: here the text so far is uploaded.
 */
export const requestLogs = (call: Call): Reply => {
  const machine = machineIn(call)
  if (machine === undefined) return bareFailure(404, "invalid_id", "Invalid instance id.")
  const { tail, filter, daemon_logs } = call.body
  for (const [name, value] of Object.entries({ tail, filter, daemon_logs })) {
    if (value !== undefined && value !== null && typeof value !== "string")
      return failure(400, "invalid_args", `Invalid args: '${name}' must be a string`)
  }
  const source = daemon_logs === "true" ? machine.daemonLog : machine.log
  const matches = typeof filter === "string" ? grepOf(filter) : () => true
  const kept = matches === null ? [] : source.filter((line) => matches(line))
  const count = typeof tail === "string" && /^\d+$/.test(tail) ? Number(tail) : 1000
  const lines = count === 0 ? [] : kept.slice(-count)
  return success({ result_url: upload(call, lines.map((line) => `${line}\n`).join("")), msg: "" })
}

const files: Readonly<Record<string, (machine: Machine, target: string) => string>> = {
  ls: (_, target) => `/var/lib/docker/volumes/workspace${target}\nREADME.md\ndata\n`,
  du: (_, target) => `4.0K\t${target === "" ? "." : target}\n`,
  rm: () => ""
}

/**
 * PUT /api/v0/instances/command/{id}/: only `ls`, `rm` and `du`, at most 512 characters. Source: Vast docs, execute.
 *
 * - The file system isn't simulated: the answers are fixed.
 */
export const runCommand = (call: Call): Reply => {
  if (!call.bodyIsJson) return failure(483, "invalid_args", "Invalid json_body")
  const machine = machineIn(call)
  if (machine === undefined) return failure(400, "invalid_container_id", "Invalid container id.")
  const { command } = call.body
  const [program = "", ...words] = typeof command === "string" ? command.trim().split(/\s+/) : []
  const run = Object.hasOwn(files, program) ? files[program] : undefined
  if (typeof command !== "string" || command.length > 512 || run === undefined)
    return failure(400, "invalid_args", "Invalid command given.")
  const target = words.find((word) => !word.startsWith("-")) ?? ""
  return success({
    writeable_path: "/var/lib/docker/volumes/workspace",
    result_url: upload(call, run(machine, target)),
    msg: "Command is executing, wait a few seconds and then view the result_url"
  })
}

/** Whether a path is that of an uploaded log. */
export const isLogPath = (path: string): boolean => path.startsWith(logFolder)

/**
 * Reads an uploaded log, as the storage service does.
 *
 * - Not ready or unknown: 403 (403 or 404 isn't documented; a bucket that can't be listed answers 403).
 * - With an Authorization header: 400, since a bearer token isn't a signature. A client must not send its key here.
 */
export const readLog = (world: World, path: string, authorization: string | null): Reply => {
  if (authorization !== null) return xmlFailure(400, "InvalidArgument", "Unsupported Authorization Type")
  const name = path.slice(logFolder.length)
  const log = Object.hasOwn(world.state.logs, name) ? world.state.logs[name] : undefined
  if (log === undefined || log.readyAt > world.state.at) return xmlFailure(403, "AccessDenied", "Access Denied")
  return { status: 200, text: log.text, contentType: "text/plain" }
}
