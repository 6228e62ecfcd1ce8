import { makeRedactor } from "@anygpu/core/adapter"
import type * as wire from "./wire.ts"

/** So many of the last events are the cloud's words: an image that cannot be pulled makes two of them in turn. */
const lastEvents = 3

/**
 * The last events of the container's present pod, without the pod's name, as the cloud's words: what still pulls and what
 * cannot start differ in nothing else. Values of its variables are taken out.
 */
export const wordsOf = ({ events = [], container_info }: wire.Container): string | null => {
  const read = events.map((event) => /^\[([^\]]*)\]:?\s*(.*)$/s.exec(event) ?? [event, "", event])
  const pod = read.at(-1)?.[1]
  const words = read.filter((event) => event[1] === pod).slice(-lastEvents)
  const texts = (container_info?.environment ?? []).map(({ value }) => value)
  return words.length > 0 ? makeRedactor([], { texts }).text(words.map((event) => event[2]).join("; ")) : null
}
