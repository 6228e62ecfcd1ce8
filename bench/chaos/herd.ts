import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { bundle } from "../bundle.ts"
import type { Order, Setup, Word } from "./words.ts"

/** Bundles the program of the children into a folder: from sources each would take seconds to start. */
export const bundleChild = (folder: string): Promise<string> =>
  bundle(fileURLToPath(new URL("child.ts", import.meta.url)), join(folder, "child.mjs"))

/** One of the children. */
export interface Sheep {
  readonly process: ChildProcess
  order(order: Order): void
  kill(): void
  stop(): void
  resume(): void
  isStopped(): boolean
}

/** Children on one ledger, all of which end with it. */
export interface Herd {
  /** Starts another child; `hear` hears all it says, `gone` that it has ended. */
  add(hear: (sheep: Sheep, word: Word) => void, gone: (sheep: Sheep) => void): void
  /** Kills all that are left, and waits until they are gone. */
  end(): Promise<void>
}

/** Starts children of a bundle. */
export const createHerd = (bundle: string, setup: Setup, folder: string): Herd => {
  const alive = new Set<ChildProcess>()
  return {
    add: (hear, gone) => {
      const child = fork(bundle, [JSON.stringify(setup)], {
        execArgv: [],
        env: { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: join(folder, "compiled") },
        stdio: ["ignore", "inherit", "inherit", "ipc"]
      })
      alive.add(child)
      let isStopped = false
      const sheep: Sheep = {
        process: child,
        order: (order) => {
          if (child.connected) child.send(order, () => {})
        },
        kill: () => void child.kill("SIGKILL"),
        stop: () => {
          isStopped = child.kill("SIGSTOP")
        },
        resume: () => {
          isStopped = false
          child.kill("SIGCONT")
        },
        isStopped: () => isStopped
      }
      child.on("message", (word: Word) => hear(sheep, word))
      child.once("exit", () => {
        alive.delete(child)
        gone(sheep)
      })
    },
    end: async () => {
      const left = [...alive].map((child) => {
        const exit = once(child, "exit")
        child.kill("SIGKILL")
        return exit
      })
      await Promise.all(left)
    }
  }
}
