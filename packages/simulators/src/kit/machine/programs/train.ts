import { posix } from "node:path"
import { createRandom } from "../../../random.ts"
import { contentOf } from "../nodes.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say, sleep } from "../system.ts"
import { argumentsIn } from "./arguments.ts"

/** What a training is asked for. */
interface Order {
  readonly steps: number
  readonly folder: string
  readonly out: string
  readonly every: number
  /** Seconds of the machine's time for one step. */
  readonly pace: number
  readonly seed: number
  readonly failsAt: number
  readonly bytes: number
}

const numbers = ["steps", "every", "step-seconds", "seed", "fail-at", "checkpoint-bytes"]

const orderIn = (process: Process, argv: ReadonlyArray<string>): Order | string => {
  const args = argumentsIn(argv, [...numbers, "checkpoint", "out"])
  for (const name of numbers) {
    const given = args.value(name)
    if (given !== undefined && !(Number(given) >= 0)) return `--${name}: ${given} is no number`
  }
  const numberOf = (name: string, otherwise: number) => Number(args.value(name) ?? otherwise)
  return {
    steps: numberOf("steps", 100),
    folder: pathIn(process, args.value("checkpoint") ?? "checkpoints"),
    out: pathIn(process, args.value("out") ?? "out"),
    every: Math.max(1, numberOf("every", 10)),
    pace: numberOf("step-seconds", 1),
    seed: numberOf("seed", 1),
    failsAt: numberOf("fail-at", Number.POSITIVE_INFINITY),
    bytes: numberOf("checkpoint-bytes", 1024)
  }
}

/** The loss after a step: the same for a seed, however often the training was begun again. */
const lossAt = (seed: number, step: number): number => {
  const noise = createRandom(seed * 100_003 + step).next() * 0.05
  return 2.5 * Math.exp(-step / 40) + 0.2 + noise
}

/** The step that the last checkpoint is of; 0 without a checkpoint. */
const resumedFrom = ({ machine }: Process, { folder }: Order): number => {
  const node = machine.files.find(posix.join(folder, "last.json"))
  if (node?.kind !== "file") return 0
  const found: unknown = JSON.parse(contentOf(node).toString("utf8"))
  const step = typeof found === "object" && found !== null && "step" in found ? Number(found.step) : 0
  return Number.isSafeInteger(step) ? step : 0
}

/** Writes a checkpoint aside and renames it: one that is there is whole. */
const save = ({ machine }: Process, { folder, bytes, seed }: Order, step: number, loss: number): void => {
  const { files } = machine
  const put = (name: string, content: string | Uint8Array) => {
    const part = posix.join(folder, `.${name}.part`)
    const node = files.create(part, 0o644)
    if (node.kind !== "file") return
    files.truncate(node, 0)
    files.write(node, 0, Buffer.from(content))
    files.rename(part, posix.join(folder, name))
  }
  put("weights.bin", Buffer.alloc(bytes, (seed * 31 + step) % 251))
  put("last.json", `${JSON.stringify({ step, loss: Number(loss.toFixed(6)), seed })}\n`)
}

/**
 * A training that takes its time: `train --steps N --checkpoint DIR --out DIR --every N --step-seconds S --seed N`.
 *
 * - Prints a line a step, keeps a checkpoint every few steps, and goes on from the last one that it finds.
 * - What it writes depends on the seed and the step alone. `--fail-at N` ends it there with 1.
 */
export const train: Program = async (process, argv) => {
  const order = orderIn(process, argv)
  if (typeof order === "string") {
    await complain(process, `train: ${order}`)
    return 2
  }
  const { files, hardware } = process.machine
  files.folders(order.folder)
  files.folders(order.out)
  const begun = resumedFrom(process, order)
  const device = hardware.gpus[0]?.name ?? "cpu"
  await say(
    process,
    begun > 0
      ? `resuming from step ${begun} on ${hardware.gpus.length} x ${device}\n`
      : `training on ${hardware.gpus.length} x ${device}\n`
  )
  for (let step = begun + 1; step <= order.steps; step++) {
    await sleep(process, order.pace * 1000)
    if (process.pending.length > 0) return 143
    const loss = lossAt(order.seed, step)
    await say(process, `step ${step}/${order.steps} loss ${loss.toFixed(4)}\n`)
    if (step >= order.failsAt) {
      await complain(process, "RuntimeError: CUDA error: an illegal memory access was encountered")
      return 1
    }
    if (step % order.every === 0 || step === order.steps) {
      save(process, order, step, loss)
      await say(process, `checkpoint ${step}\n`)
    }
  }
  const loss = lossAt(order.seed, order.steps)
  files.save(
    posix.join(order.out, "result.json"),
    `${JSON.stringify({ steps: order.steps, loss: Number(loss.toFixed(6)), seed: order.seed })}\n`
  )
  await say(process, "done\n")
  return 0
}

/** `python`: a script whose name has `train` in it is the training; the module `http.server` serves. Nothing else runs. */
export const python: Program = async (process, argv) => {
  const words = argv.slice(1).filter((word) => word !== "-u")
  const [script = "", ...args] = words
  if (script === "--version" || script === "-V") {
    await say(process, "Python 3.11.9\n")
    return 0
  }
  if (script === "-m" && args[0] === "http.server") {
    const serve = process.machine.programs.get("serve")
    return serve === undefined ? 127 : serve(process, ["serve", args[1] ?? "8000"])
  }
  if (/train/.test(posix.basename(script))) {
    if (process.machine.files.find(pathIn(process, script)) !== undefined) return train(process, ["train", ...args])
    await complain(
      process,
      `python3: can't open file '${pathIn(process, script)}': [Errno 2] No such file or directory`
    )
    return 2
  }
  await complain(
    process,
    "python3: this machine is simulated: it runs a script named train*.py as its own training, and no other Python"
  )
  return 1
}
