import { type MachineTruth, microsUp } from "../kit/truth.ts"
import { owedBy, secondsOf } from "./billing.ts"
import { unitsPerDollar } from "./money.ts"
import { placeOf, type World } from "./world.ts"

/** Every deployment ever made, as it truly is: what it has come to by now, whether it was deducted yet or not. */
export const truthIn = ({ state }: World): readonly MachineTruth[] =>
  state.deployments.map((deployment) => ({
    id: deployment.id,
    name: deployment.hostname,
    of: placeOf(deployment.type, deployment.location),
    kind: "vm",
    isUp: deployment.state === "running",
    isAlive: deployment.state !== "deleted" && deployment.state !== "failed_no_capacity",
    isEnding: deployment.state === "deleting",
    madeAt: deployment.createdAt,
    lines: [
      {
        item: "compute",
        micros: microsUp(owedBy(deployment, state.at), unitsPerDollar),
        ms: secondsOf(deployment, state.at) * 1000
      }
    ]
  }))
