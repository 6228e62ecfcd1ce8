import { createClock, type VirtualClock } from "../clock.ts"
import { makeQueue, type Opened } from "../kit/machine/descriptor.ts"
import { gpuOf, type Hardware } from "../kit/machine/hardware.ts"
import { logIn } from "../kit/machine/login.ts"
import { makeMachine } from "../kit/machine/machine.ts"
import { endOf, type Kernel } from "../kit/machine/process.ts"

/** What the machines of these tests are made of. */
const hardware: Hardware = {
  gpus: [gpuOf("H100", 0), gpuOf("H100", 0)],
  ...{ cores: 8, memoryMiB: 65_536, diskMiB: 1024, cpu: "AMD EPYC 7763 64-Core Processor" },
  ...{ driver: "570.133.20", cuda: "12.8" }
}

/** A machine on virtual time. */
export const newMachine = (clock: VirtualClock = createClock(), change: Partial<Hardware> = {}): Kernel =>
  makeMachine({ hostname: "sim", user: "root", clock, seed: 1, hardware: { ...hardware, ...change } })

const output = () => {
  const parts: Buffer[] = []
  const opened: Opened = {
    read: () => null,
    write: (bytes) => void parts.push(Buffer.from(bytes)),
    unread: () => {},
    seek: () => false,
    close: () => {}
  }
  return { opened, text: () => Buffer.concat(parts).toString("utf8") }
}

/** Runs a script on a machine, as a login would. */
export const runOn = async (machine: Kernel, script: string, input: string | Buffer = "") => {
  const queue = makeQueue()
  queue.push(Buffer.from(input))
  const stdin: Opened = {
    read: (length) => (queue.size() > 0 ? queue.take(length) : null),
    write: () => {},
    unread: queue.unshift,
    seek: () => false,
    close: () => {}
  }
  const [out, err] = [output(), output()]
  const process = logIn(machine, { stdin, stdout: out.opened, stderr: err.opened, command: script })
  await endOf(process)
  return { code: process.ended?.code ?? -1, stdout: out.text(), stderr: err.text() }
}
