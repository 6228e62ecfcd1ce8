import { setTimeout as sleep } from "node:timers/promises"
import { freezeFor, inTrial, type Result, type Size } from "./parts.ts"
import { lateness, lease, untilEnded } from "./trial.ts"

/** Keepers that are frozen in mid-act, between their claim and their request. */
const frozenActs = (size: Size, unfenced: boolean) =>
  inTrial(async (trial) => {
    await Promise.all([1, 2].map(() => trial.begin({ unfenced })))
    const frozen = new Set<string>()
    trial.onTurn = async (by, id) => {
      if (frozen.has(id)) return
      // The first one to come for it: the other one has to be there to take over.
      frozen.add(id)
      await freezeFor(by, 30_000)
    }
    const from = Date.now() + 5000
    await lease(
      trial,
      "f",
      Array.from({ length: size.freezes }, (_, index) => from + index * 45_000)
    )
    await untilEnded(trial, "f", size.freezes * 45_000 + 60_000)
    await sleep(35_000)
    const ended = lateness(trial, "f")
    return {
      rows: [
        ["keepers frozen in mid-act for 30 s", frozen.size],
        ["ends that were lost", ended.lost],
        ["acts after takeover", trial.stale],
        ["asked for twice at the cloud", ended.twice]
      ],
      wrong: ended.lost > 0 ? ["ends were lost"] : []
    }
  })

/** Frozen in mid-act: with the fence nobody acts after he was replaced; the control shows that without it he does. */
export const freeze = async (size: Size): Promise<Result> => {
  const fenced = await frozenActs(size, false)
  const control = await frozenActs({ ...size, freezes: Math.min(2, size.freezes) }, true)
  const stale = (result: Result) => Number(result.rows.find(([label]) => label === "acts after takeover")?.[1])
  return {
    rows: [...fenced.rows, ["control, without the fence: acts after takeover", stale(control)]],
    wrong: [
      ...fenced.wrong,
      ...(stale(fenced) > 0 ? ["a keeper acted after it was replaced"] : []),
      ...(stale(control) === 0 ? ["the control shows nothing"] : [])
    ]
  }
}
