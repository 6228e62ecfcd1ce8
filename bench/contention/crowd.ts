import { type ChildProcess, fork } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { type PostgresServer, startPostgres } from "@anygpu/postgres/testing"
import type { Answer, Ask, Said, Task } from "./words.ts"

/** What a crowd of processes does to one ledger. */
export interface Crowd extends Omit<Task, "url" | "process"> {
  readonly processes: number
  readonly kills: number
  readonly restarts: number
}

/** What came of it, as the cloud counted. */
export interface Count {
  seconds: number
  opened: number
  keptOut: number
  machines: number
  /** Milliseconds that opening a launch took, all of them. */
  readonly millis: number[]
  /** Keys that were paid for twice. */
  readonly twice: string[]
  /** How often more machines were there than the budget allows. */
  over: number
  most: number
  /** How many more machines were made than the budget of the day allows. */
  overDay: number
  /** Machines that are there when all is over. */
  left: number
  readonly failures: string[]
}

const child = new URL("child.ts", import.meta.url).pathname

/** The cloud: what exists in truth, whatever the ledger believes. */
const cloudOf = ({ limit, day }: Pick<Crowd, "limit" | "day">, count: Count) => {
  const alive = new Map<string, string>()
  const keys = new Set<string>()
  return {
    alive,
    answer: (ask: Ask): string | null => {
      if (ask.kind === "find") return alive.get(ask.marker) ?? null
      if (ask.kind === "end") return alive.delete(ask.marker) ? ask.marker : null
      if (keys.has(ask.key)) count.twice.push(ask.key)
      keys.add(ask.key)
      count.machines++
      alive.set(ask.marker, `m-${count.machines}`)
      count.most = Math.max(count.most, alive.size)
      if (alive.size > limit) count.over++
      count.overDay = Math.max(0, count.machines - day)
      return `m-${count.machines}`
    }
  }
}

const note = (count: Count, said: Exclude<Said, Ask>): void => {
  if (said.kind === "opened") {
    count.opened++
    count.millis.push(said.millis)
  } else if (said.kind === "kept-out") count.keptOut++
  else if (said.kind === "failed") count.failures.push(said.message)
}

/** Kills processes and restarts the server, spread over the run. */
const disturb = async (children: ReadonlyMap<number, ChildProcess>, crowd: Crowd, server: PostgresServer) => {
  for (let index = 0; index < crowd.kills; index++) {
    await sleep(1500)
    children.get(index % crowd.processes)?.kill("SIGKILL")
  }
  for (let index = 0; index < crowd.restarts; index++) {
    await sleep(1500)
    await server.restart("immediate")
  }
}

/** Lets processes launch at once on one ledger in Postgres, and counts what the cloud sees. */
export const crowdIn = async (crowd: Crowd): Promise<Count> => {
  const server = await startPostgres()
  const count: Count = {
    ...{
      seconds: 0,
      opened: 0,
      keptOut: 0,
      machines: 0,
      millis: [],
      twice: [],
      over: 0,
      most: 0,
      overDay: 0,
      left: 0,
      failures: []
    }
  }
  const cloud = cloudOf(crowd, count)
  const children = new Map<number, ChildProcess>()
  const begin = (process: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const task: Task = { ...crowd, url: server.url, process }
      const one = fork(child, [JSON.stringify(task)], { execArgv: ["--conditions=anygpu-source"] })
      children.set(process, one)
      one.on("message", (said: Said) => {
        if (!("call" in said)) return note(count, said)
        const answer: Answer = { call: said.call, id: cloud.answer(said) }
        if (one.connected) one.send(answer, () => {})
      })
      one.once("exit", (code, signal) => {
        if (signal === "SIGKILL") resolve(begin(process))
        else if (code === 0) resolve()
        else reject(new Error(`process ${process} ended with ${code ?? signal}`))
      })
    })
  const start = performance.now()
  try {
    const all = Promise.all(Array.from({ length: crowd.processes }, (_, process) => begin(process)))
    await Promise.all([all, disturb(children, crowd, server)])
    count.seconds = (performance.now() - start) / 1000
    count.left = cloud.alive.size
    return count
  } finally {
    for (const one of children.values()) one.kill("SIGKILL")
    await server.stop()
  }
}
