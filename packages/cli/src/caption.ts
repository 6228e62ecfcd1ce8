import { durationText } from "@anygpu/operations"
import { statusText } from "@anygpu/operations/run"
import type { Instance } from "anygpu"
import { gpuText, priceText } from "./format.ts"
import { plain } from "./plain.ts"

/** One machine in one line, for questions: what it is called, what it is, what it costs, how old it is. */
export const captionOf = (machine: Instance, now: number): string => {
  const { ref, name, gpu, pricePerHour: price, createdAt, status } = machine
  // What is gone costs nothing any more, and its cloud says nothing of it.
  if (status === "terminated") return `${plain(String(ref))} (${plain(name ?? "no name")}, ${statusText(machine)})`
  const age = createdAt === null ? "of unknown age" : `${durationText(now - createdAt.epochMilliseconds)} old`
  const cost = price === null ? "at an unknown price" : `${priceText(price)} per hour`
  return `${plain(String(ref))} (${[plain(name ?? "no name"), gpuText(gpu), cost, age, statusText(machine)].join(", ")})`
}
