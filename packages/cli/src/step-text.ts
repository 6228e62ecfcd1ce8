import { durationText } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import type { Step } from "anygpu"
import { toMillis } from "effect/Duration"
import { plain } from "./plain.ts"

/** What a step of a launch says. */
export const stepText = (step: Step): string => {
  switch (step.type) {
    case "waiting":
      return (
        `waiting for what came of the launch ${plain(step.launch.name)} under this key, ` +
        `${durationText(toMillis(step.within))} at most: launching again could pay twice`
      )
    case "looking-again":
      return `${step.because.message.split(" Left out:")[0]?.replace(/\.$/, "")}. Looking again in ${durationText(toMillis(step.after))}`
    case "trying":
      return `launching ${offerRef(step.offer)}`
    case "booting":
      return `waiting for ${step.instance.ref} to become ready`
    case "logging-in":
      return `logging in to ${step.instance.ref}`
    case "verifying":
      return `asking ${step.instance.ref} what it is`
    case "ended": {
      const { offer, outcome, error } = step.attempt
      return `${offerRef(offer)}: ${outcome}${error ? ` (${error.message})` : ""}`
    }
  }
}
