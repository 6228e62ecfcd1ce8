import { posix } from "node:path"
import type { Node } from "../nodes.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"
import { formattedDate } from "./clock.ts"
import { eachName } from "./folders.ts"

/** Bytes of what stands under a name. */
export const sizeOf = (node: Node): number => {
  if (node.kind === "file") return node.size
  if (node.kind === "text") return node.read().length
  return node.kind === "link" ? node.target.length : node.kind === "folder" ? 4096 : 0
}

const letters: Readonly<Record<Node["kind"], string>> = { file: "-", text: "-", folder: "d", link: "l", device: "c" }

const rights = (node: Node): string =>
  letters[node.kind] +
  [6, 3, 0]
    .map((shift) => ["r", "w", "x"].map((letter, at) => ((node.mode >> shift) & (4 >> at) ? letter : "-")).join(""))
    .join("")

const human = (bytes: number): string => {
  const units = ["", "K", "M", "G", "T"]
  const at = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)))
  const value = bytes / 1024 ** at
  return at === 0 ? String(bytes) : `${value < 10 ? value.toFixed(1) : Math.ceil(value)}${units[at]}`
}

const ls: Program = async (process, argv) => {
  const args = argumentsIn(argv)
  const { files } = process.machine
  const line = (name: string, node: Node): string => {
    const shown = `${name}${args.has("F", "p") && node.kind === "folder" ? "/" : ""}`
    if (!args.has("l")) return `${shown}\n`
    const size = args.has("h") ? human(sizeOf(node)) : String(sizeOf(node))
    const target = node.kind === "link" ? ` -> ${node.target}` : ""
    return `${rights(node)} 1 root root ${size.padStart(8)} ${formattedDate("%b %e %H:%M", node.changed)} ${shown}${target}\n`
  }
  const names = args.rest.length > 0 ? args.rest : ["."]
  const list = async (path: string, name: string, isTitled: boolean): Promise<void> => {
    const node = files.at(path, !args.has("d"))
    if (node.kind !== "folder" || args.has("d")) return say(process, line(name, node))
    if (isTitled) await say(process, `${name}:\n`)
    const inner = files.names(node).filter((one) => args.has("a", "A") || !one.startsWith("."))
    const found = inner.flatMap((one) => {
      const child = files.find(posix.join(path, one), false)
      return child === undefined ? [] : [[one, child] as const]
    })
    if (args.has("t")) found.sort(([, a], [, b]) => b.changed - a.changed)
    if (args.has("S")) found.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a))
    if (args.has("r")) found.reverse()
    if (args.has("l")) await say(process, `total ${found.length * 4}\n`)
    if (args.has("a")) await say(process, line(".", node) + line("..", node))
    await say(process, found.map(([one, child]) => line(one, child)).join(""))
    if (!args.has("R")) return
    for (const [one, child] of found) {
      if (child.kind !== "folder") continue
      await say(process, "\n")
      await list(posix.join(path, one), `${name}/${one}`, true)
    }
  }
  return eachName(process, names, "cannot access", (path, name) => list(path, name, names.length > 1 || args.has("R")))
}

const kindNames: Readonly<Record<Node["kind"], string>> = {
  ...{ file: "regular file", text: "regular file", folder: "directory" },
  ...{ link: "symbolic link", device: "character special file" }
}

const statFields = (name: string, node: Node): Readonly<Record<string, string | number>> => ({
  ...{ n: name, s: sizeOf(node), a: (node.mode & 0o7777).toString(8), A: rights(node), F: kindNames[node.kind] },
  ...{ Y: Math.floor(node.changed / 1000), X: Math.floor(node.changed / 1000), Z: Math.floor(node.changed / 1000) },
  ...{ y: formattedDate("%Y-%m-%d %H:%M:%S.000000000 +0000", node.changed), U: "root", G: "root", u: 0, g: 0 },
  ...{
    h: 1,
    b: Math.ceil(sizeOf(node) / 512),
    B: 512,
    N: node.kind === "link" ? `'${name}' -> '${node.target}'` : `'${name}'`
  }
})

const stat: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["c", "format", "printf"])
  const format = args.value("c", "format")
  return eachName(process, args.rest, "cannot statx", async (path, name) => {
    const fields = statFields(name, process.machine.files.at(path, args.has("L")))
    const text = (format ?? "  File: %n\n  Size: %s\t%F\nAccess: (%a/%A)  Uid: (%u/%U)\nModify: %y").replaceAll(
      /%(.)/g,
      (all, letter: string) => (letter === "%" ? "%" : String(fields[letter] ?? all))
    )
    await say(process, `${text}\n`)
  })
}

const sumOf = (node: Node): number =>
  node.kind === "folder" ? [...node.entries.values()].reduce((sum, child) => sum + sumOf(child), 4096) : sizeOf(node)

const du: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["d", "max-depth"])
  const shown = (bytes: number) =>
    args.has("h") ? human(bytes) : String(args.has("b") ? bytes : Math.ceil(bytes / (args.has("m") ? 1_048_576 : 1024)))
  const deepest = args.has("s") ? 0 : Number(args.value("d", "max-depth") ?? Number.POSITIVE_INFINITY)
  const visit = async (node: Node, name: string, depth: number): Promise<void> => {
    if (node.kind === "folder")
      for (const [inner, child] of node.entries)
        if (child.kind === "folder") await visit(child, `${name}/${inner}`, depth + 1)
    if (depth <= deepest) await say(process, `${shown(sumOf(node))}\t${name}\n`)
  }
  return eachName(process, args.rest.length > 0 ? args.rest : ["."], "cannot access", (path, name) =>
    visit(process.machine.files.at(path), name, 0)
  )
}

const df: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["B", "t"])
  const { files, hardware } = process.machine
  const unit = args.has("m") ? 1_048_576 : args.has("h") ? 0 : 1024
  const shown = (bytes: number) => (unit === 0 ? human(bytes) : String(Math.ceil(bytes / unit)))
  const row = (name: string, all: number, used: number, mount: string) => {
    const free = Math.max(0, all - used)
    const share = all === 0 ? 0 : Math.ceil((used / all) * 100)
    return `${name.padEnd(14)} ${[all, used, free].map((bytes) => shown(bytes).padStart(12)).join(" ")} ${`${share}%`.padStart(8)} ${mount}\n`
  }
  const all = hardware.diskMiB * 1_048_576
  // What does not fit any more is taken by something.
  const used = Math.max(files.used(), all - files.capacity + files.used())
  const shm = hardware.memoryMiB * 524_288
  const head =
    unit === 0
      ? "Filesystem             Size         Used        Avail     Use% Mounted on\n"
      : `Filesystem     ${unit === 1024 ? "1024" : "1048576"}-blocks         Used    Available Capacity Mounted on\n`
  const isShm = args.rest.length > 0 && args.rest.every((path) => pathIn(process, path).startsWith("/dev/shm"))
  const missing = args.rest.find((path) => files.find(pathIn(process, path)) === undefined)
  if (missing !== undefined) {
    await complain(process, `df: ${missing}: No such file or directory`)
    return 1
  }
  const root = row("overlay", all, Math.min(used, all), "/")
  const memory = row("shm", shm, 0, "/dev/shm")
  await say(process, head + (args.rest.length === 0 ? root + memory : isShm ? memory : root))
  return 0
}

const truncate: Program = (process, argv) => {
  const args = argumentsIn(argv, ["s", "size"])
  const [, count = "0", unit = ""] = /^(\d+)([KMG]?)/.exec(args.value("s", "size") ?? "") ?? []
  const size = Number(count) * ({ K: 1024, M: 1_048_576, G: 1_073_741_824 }[unit] ?? 1)
  return eachName(process, args.rest, "cannot open", (path) => {
    const node = process.machine.files.create(path, 0o666 & ~process.umask)
    if (node.kind === "file") process.machine.files.truncate(node, size)
  })
}

/** What a file system says of itself. */
export const listingPrograms: Readonly<Record<string, Program>> = { ls, stat, du, df, truncate }
