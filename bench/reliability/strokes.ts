import type {
  FluenceSimulator,
  HuddleSimulator,
  MachineTruth,
  Random,
  Simulator,
  VastSimulator
} from "@anygpu/simulators"
import type { CloudName } from "./market.ts"

/** What happens to a machine without anybody asking. */
export type Mishap = "boots that fail" | "machines that break" | "hosts that go offline" | "machines ended by others"

/** The simulated clouds of a run, with what can be done to each. */
export interface Clouds extends Readonly<Record<CloudName, Simulator>> {
  readonly vast: VastSimulator
  readonly fluence: FluenceSimulator
  readonly huddle: HuddleSimulator
}

/** Something that happens to the n-th machine that is made on a cloud, so many seconds after it was made. */
export interface Stroke {
  readonly cloud: CloudName
  readonly mishap: Mishap
  readonly nth: number
  readonly after: number
}

/** The mishaps of a run on a cloud. */
export const planStrokes = (random: Random, cloud: CloudName, pace: number): ReadonlyArray<Stroke> => {
  const boot = (nth: number): Stroke => ({ cloud, mishap: "boots that fail", nth, after: random.integer(1, 3 * pace) })
  const later = (nth: number): Stroke => ({
    ...{ cloud, nth, after: random.integer(60, 5400) },
    mishap: random.pick(["machines that break", "hosts that go offline", "machines ended by others"])
  })
  return [
    ...(random.next() < 0.2 ? [boot(1)] : []),
    ...(random.next() < 0.1 ? [boot(2)] : []),
    ...(random.next() < 0.15 ? [later(1)] : [])
  ]
}

/** How long a host stays away, in milliseconds. */
const away = 600_000

const onVast = (vast: VastSimulator, mishap: Mishap, id: number): void => {
  if (mishap === "boots that fail") vast.failBoot(id)
  else if (mishap === "machines that break") vast.exitContainer(id)
  else if (mishap === "machines ended by others") throw new Error("nothing on Vast.ai ends a machine but a request")
  else {
    vast.hostOffline(id)
    void vast.clock.sleep(away).then(() => {
      // Its owner may have given it back meanwhile.
      if (vast.truth().some((machine) => machine.id === String(id) && machine.isAlive)) vast.hostOnline(id)
    })
  }
}

const onHuddle = (huddle: HuddleSimulator, mishap: Mishap, id: string): void => {
  if (mishap === "machines ended by others") huddle.deleteOutside(id)
  else huddle.failMachine(id)
}

const onFluence = (fluence: FluenceSimulator, mishap: Mishap, { id, kind }: MachineTruth): void => {
  if (mishap === "machines ended by others") fluence.deleteOutside(id)
  else if (kind === "cpu-vm") fluence.providerTerminates(id)
  else if (kind !== "container") fluence.failProvisioning(id)
  else if (mishap === "boots that fail") fluence.failContainer(id)
  else fluence.exitContainer(id)
}

/** Lets it happen; false where it cannot: the machine is gone, or past what would have failed. */
export const strike = (clouds: Clouds, { cloud, mishap }: Stroke, machine: MachineTruth): boolean => {
  const now = clouds[cloud].truth().find(({ id }) => id === machine.id)
  if (!now?.isAlive || now.isEnding) return false
  try {
    if (cloud === "vast") onVast(clouds.vast, mishap, Number(machine.id))
    else if (cloud === "huddle") onHuddle(clouds.huddle, mishap, machine.id)
    else onFluence(clouds.fluence, mishap, machine)
    return true
  } catch {
    return false
  }
}
