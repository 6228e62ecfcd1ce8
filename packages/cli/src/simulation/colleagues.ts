import type { OperationContext } from "@anygpu/operations"
import type { Random } from "@anygpu/simulators"
import { isGpuError } from "anygpu"
import * as Effect from "effect/Effect"

/** One who rents on the simulated clouds too, and what for. */
interface Colleague {
  readonly owner: string
  readonly name: string
  readonly gpu: string
  readonly image: string
  readonly tags: Readonly<Record<string, string>>
}

const colleagues: readonly [Colleague, ...Colleague[]] = [
  { owner: "ada", name: "train-encoder", gpu: "RTX 4090", image: "pytorch/pytorch", tags: { team: "nlp" } },
  { owner: "grace", name: "render-night", gpu: "RTX 4090", image: "ubuntu:24.04", tags: { team: "studio" } },
  { owner: "linus", name: "kernel-bench", gpu: "RTX 3090", image: "ubuntu:24.04", tags: { team: "systems" } },
  { owner: "katherine", name: "sweep-lr", gpu: "A100", image: "pytorch/pytorch", tags: { team: "nlp", run: "lr" } }
]

/** So many machines they have at once, at most. */
const mostMachines = 5

/** How long they rent for, in minutes of simulated time. */
const [shortest, longest] = [45, 240]

/**
 * What colleagues do at one moment: rent a machine for a time, or end one early. It makes a simulation that somebody looks at live.
 *
 * - They rent as everybody does, on the same ledger: with an owner, tags and an end.
 * - What a cloud refuses them, no money for one, is no trouble of the one who looks.
 */
export const colleaguesAct = async (
  { gpu, ledger, signal }: Pick<OperationContext, "gpu" | "ledger" | "signal">,
  random: Random
): Promise<void> => {
  const owners = new Set(colleagues.map(({ owner }) => owner))
  try {
    const client = await gpu()
    const launches = await Effect.runPromise((await ledger()).launches({ states: ["created"], leased: true }))
    const theirs = launches.filter(({ ownedBy = "" }) => owners.has(ownedBy))
    const [first] = theirs
    if (first?.instanceId && (theirs.length >= mostMachines || random.next() < 0.2)) {
      await client.terminate(`${first.provider}/${first.kind}/${first.instanceId}`, { signal })
      return
    }
    const { owner, name, gpu: model, image, tags } = random.pick(colleagues)
    const duration = random.integer(shortest, longest) * 60_000
    const request = {
      ...{ name: `${name}-${random.hex(3)}`, owner, tags, ttl: duration, job: { duration }, until: "created" as const },
      workload: { image, ports: [{ port: 8000 }] },
      candidates: { gpu: [model], kind: ["container" as const] }
    }
    await client.launch(request, { signal })
  } catch (error) {
    if (!isGpuError(error) && !signal.aborted) throw error
  }
}
