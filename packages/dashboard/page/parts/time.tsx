import { durationText } from "@anygpu/operations/words"
import { useNow } from "../data/clock.ts"

const zone = new Intl.DateTimeFormat("en-US").resolvedOptions().timeZone

const dayAndTime = new Intl.DateTimeFormat("en-US", {
  ...{ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
})

/** A moment in the time zone of the reader. */
export const momentText = (at: number): string => dayAndTime.format(at)

/** What the time zone of the reader is called. */
export const zoneText = (): string => zone

/** A length of time whose seconds nobody needs once there are minutes: it changes no number every second. */
const roughly = (millis: number): string =>
  durationText(millis < 60_000 ? Math.floor(millis / 1000) * 1000 : Math.floor(millis / 60_000) * 60_000)

/** How long ago a moment was; the moment itself is in its title. */
export const Ago = ({ at, bare = false }: { readonly at: number; readonly bare?: boolean }) => {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={`${momentText(at)} (${zone})`}>
      {now - at < 5_000 && !bare ? "just now" : `${roughly(Math.max(0, now - at))}${bare ? "" : " ago"}`}
    </time>
  )
}

/** In how long something ends, or since when it is over. */
export const Until = ({ at }: { readonly at: number }) => {
  const now = useNow()
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={`${momentText(at)} (${zone})`}
      class={at <= now ? "bad" : at - now < 900_000 ? "warn" : undefined}
    >
      {at <= now ? `over ${roughly(now - at)} ago` : `in ${roughly(at - now)}`}
    </time>
  )
}
