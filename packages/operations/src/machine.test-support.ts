import type { Command, ConnectedMachine, RunningProcess } from "@anygpu/ssh"

/** What a command of a test's machine writes. */
export type Answers = (command: string) => string

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  if (text !== "") yield Buffer.from(text)
}

const textOf = (command: Command): string => (typeof command === "string" ? command : command.join(" "))

/** A machine that somebody is logged in to, where every command ends well; `ran` has the commands. */
export const testMachine = (answers: Answers = () => "") => {
  const ran: string[] = []
  const process = (command: Command): RunningProcess => {
    ran.push(textOf(command))
    return {
      ...{ stdout: bytesOf(answers(textOf(command))), stderr: bytesOf("") },
      exit: async () => ({ code: 0, signal: null }),
      kill: async () => {},
      [Symbol.asyncDispose]: async () => {}
    }
  }
  const nowhere = async (): Promise<never> => {
    throw new Error("a machine of a test has none of this")
  }
  const machine: ConnectedMachine = {
    address: () => ({ host: "127.0.0.1", port: 22, user: "root" }),
    exec: async (command) => {
      ran.push(textOf(command))
      return { code: 0, signal: null, stdout: answers(textOf(command)), stderr: "" }
    },
    spawn: async (command) => process(command),
    ...{ shell: nowhere, forward: nowhere, download: nowhere, start: nowhere, jobs: nowhere },
    upload: async (from, to) => {
      ran.push(`upload ${from} ${to}`)
      return { files: 1, bytes: 1, unchanged: 0, skipped: [] }
    },
    verify: async () => {
      ran.push("verify")
      return {
        ...{ outcome: "as-offered", checks: [], findings: [], unknown: [] },
        observation: {
          ...{ gpus: { state: "unknown", said: "it has none" }, cores: null, memoryMiB: null, disk: null },
          ...{ writeSpeed: "not-asked", downloadSpeed: "not-asked" }
        }
      }
    },
    job: () => {
      throw new Error("a machine of a test has no jobs")
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {}
  }
  return { machine, ran }
}
