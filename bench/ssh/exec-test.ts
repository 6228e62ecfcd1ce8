import { connect } from "@anygpu/ssh"
import { median } from "../measure.ts"
import type { Machine } from "./machine.ts"
import { byShell } from "./shell-way.ts"

/** Seconds for 100 commands one after the other on one connection, by us and by ssh; the middle of all rounds. */
export interface HundredCommands {
  readonly ours: number
  /** By processes of `ssh` that share one connection. */
  readonly shared: number
  /** By processes of `ssh` that log in each. */
  readonly single: number
}

const byUs = async (machine: Machine, transport: "ssh2" | "openssh"): Promise<number> => {
  const target = { host: machine.host, port: machine.direct, user: machine.user }
  await using session = await connect(target, { key: machine.key, agent: false, transport })
  await session.exec("true")
  const began = performance.now()
  for (let index = 0; index < 100; index++) await session.exec("true")
  return (performance.now() - began) / 1000
}

/** Measures them in turns; logins are counted a tenth as often, since they take so long. */
export const hundredCommands = async (
  machine: Machine,
  transport: "ssh2" | "openssh",
  rounds: number
): Promise<HundredCommands> => {
  const control = `${machine.folder}/control-of-bench`
  const shared = `CTL="$SSH -o ControlMaster=auto -o ControlPersist=60 -S ${control}"`
  await byShell(machine, `${shared}; $CTL $HOST true`)
  const all: Record<keyof HundredCommands, number[]> = { ours: [], shared: [], single: [] }
  for (let round = 0; round < rounds; round++) {
    all.ours.push(await byUs(machine, transport))
    all.shared.push(
      (await byShell(machine, `${shared}; for i in $(seq 100); do $CTL -T $HOST true < /dev/null; done`)).seconds
    )
    all.single.push(
      10 * (await byShell(machine, "for i in $(seq 10); do $SSH -T $HOST true < /dev/null; done")).seconds
    )
  }
  await byShell(machine, `${shared}; $CTL -O exit $HOST 2> /dev/null`)
  return { ours: median(all.ours), shared: median(all.shared), single: median(all.single) }
}
