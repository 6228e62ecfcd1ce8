import { posix } from "node:path"
import { contentOf } from "../nodes.ts"
import type { PortHandler, Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say, sleep } from "../system.ts"
import { argumentsIn } from "./arguments.ts"

/** Answers requests on a port of the machine for as long as the process runs. */
const serveOn = async (process: Process, port: number, handler: PortHandler): Promise<number> => {
  const { ports } = process.machine
  if (ports.has(port)) {
    await complain(process, `${process.argv[0]}: port ${port}: Address already in use`)
    return 98
  }
  ports.set(port, handler)
  const leave = () => {
    if (process.ended !== null && ports.get(port) === handler) ports.delete(port)
  }
  process.listeners.add(leave)
  await sleep(process, Number.POSITIVE_INFINITY)
  ports.delete(port)
  return 143
}

const text = (status: number, body: string | Buffer, type = "text/plain; charset=utf-8") => ({ status, body, type })

/** `serve PORT [DIR]`: the files of a folder by HTTP. */
const serve: Program = async (process, argv) => {
  const [given = "8000", folder = "."] = argumentsIn(argv).rest
  const root = pathIn(process, folder)
  const { files } = process.machine
  await say(process, `serving ${root} on port ${given}\n`)
  return serveOn(process, Number(given), ({ path }) => {
    const whole = posix.join(root, posix.normalize(`/${decodeURIComponent(path.split("?")[0] ?? "")}`))
    const node = files.find(whole)
    if (node?.kind === "file") return text(200, Buffer.from(contentOf(node)), "application/octet-stream")
    return node?.kind === "folder"
      ? text(
          200,
          files
            .names(node)
            .map((name) => `${name}\n`)
            .join("")
        )
      : text(404, "not found\n")
  })
}

/** `jupyter lab --port N`: a page that says what it is, behind a token. */
const jupyter: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["port", "ip", "IdentityProvider.token", "ServerApp.token", "NotebookApp.token"])
  const port = Number(args.value("port") ?? 8888)
  const token = args.value("IdentityProvider.token", "ServerApp.token", "NotebookApp.token") ?? "simulated"
  await complain(process, `Jupyter Server is running at:\nhttp://127.0.0.1:${port}/lab?token=${token}`)
  return serveOn(process, port, ({ path, headers }) => {
    const given =
      new URL(path, "http://localhost").searchParams.get("token") ?? headers.authorization?.replace(/^token /i, "")
    if (token !== "" && given !== token) return text(403, "Forbidden\n")
    return path.startsWith("/api")
      ? text(200, '{"version":"2.14.0"}\n', "application/json")
      : text(200, "<title>JupyterLab (simulated)</title>\n", "text/html")
  })
}

/** `curl` of a port of the machine itself: nothing leads out of it. */
const curl: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["o", "H", "m", "X", "d", "max-time", "output"])
  const url = args.rest[0] ?? ""
  const target = URL.canParse(url.includes("://") ? url : `http://${url}`)
    ? new URL(url.includes("://") ? url : `http://${url}`)
    : null
  const isOwn =
    target !== null && ["localhost", "127.0.0.1", "0.0.0.0", process.machine.hostname].includes(target.hostname)
  if (target === null || !isOwn) {
    await complain(process, `curl: (6) Could not resolve host: ${target?.hostname ?? url}`)
    return 6
  }
  const handler = process.machine.ports.get(Number(target.port || 80))
  if (handler === undefined) {
    await complain(
      process,
      `curl: (7) Failed to connect to ${target.hostname} port ${target.port || 80}: Connection refused`
    )
    return 7
  }
  const { status, body } = await handler({ method: "GET", path: target.pathname + target.search, headers: {} })
  if (status >= 400 && args.has("f", "fail")) return 22
  const file = args.value("o", "output")
  if (file === undefined) await say(process, body)
  else process.machine.files.save(pathIn(process, file), body)
  return 0
}

/** What answers on ports of the machine, and what asks there. */
export const servePrograms: Readonly<Record<string, Program>> = { serve, jupyter, "jupyter-lab": jupyter, curl }
