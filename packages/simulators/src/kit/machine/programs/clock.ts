import type { Program } from "../shell/spawn.ts"
import { complain, say, sleep } from "../system.ts"
import { argumentsIn } from "./arguments.ts"
import { momentIn } from "./folders.ts"

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December"
]

/** A moment as `date` writes it by a format, in UTC. */
export const formattedDate = (format: string, moment: number): string => {
  const date = new Date(moment)
  const two = (value: number, fill = "0") => String(value).padStart(2, fill)
  const day = days[date.getUTCDay()] ?? ""
  const month = months[date.getUTCMonth()] ?? ""
  const milliseconds = String(date.getUTCMilliseconds()).padStart(3, "0")
  const fields: Readonly<Record<string, string>> = {
    ...{
      Y: String(date.getUTCFullYear()),
      m: two(date.getUTCMonth() + 1),
      d: two(date.getUTCDate()),
      e: two(date.getUTCDate(), " ")
    },
    ...{
      H: two(date.getUTCHours()),
      M: two(date.getUTCMinutes()),
      S: two(date.getUTCSeconds()),
      N: `${milliseconds}000000`
    },
    ...{
      "3N": milliseconds,
      s: String(Math.floor(moment / 1000)),
      a: day.slice(0, 3),
      A: day,
      b: month.slice(0, 3),
      B: month
    },
    ...{
      F: date.toISOString().slice(0, 10),
      T: date.toISOString().slice(11, 19),
      R: date.toISOString().slice(11, 16),
      Z: "UTC",
      z: "+0000"
    },
    ...{
      y: two(date.getUTCFullYear() % 100),
      n: "\n",
      t: "\t",
      "%": "%",
      j: String(Math.ceil((moment - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000))
    }
  }
  return format.replaceAll(/%(3N|[A-Za-z%])/g, (all, letter: string) => fields[letter] ?? all)
}

const date: Program = async (process, argv) => {
  const args = argumentsIn(argv, ["d", "date"])
  const moment = momentIn(args.value("d", "date") ?? "", process.machine.clock.now())
  const format = argv.find((word) => word.startsWith("+"))?.slice(1)
  const iso = args.has("I", "iso-8601") ? "%F" : "%a %b %e %H:%M:%S UTC %Y"
  await say(process, `${formattedDate(format ?? iso, moment)}\n`)
  return 0
}

const units: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds, as `sleep` and `timeout` take them; undefined for what is no time. */
export const secondsIn = (text: string): number | undefined => {
  if (text === "infinity") return Number.POSITIVE_INFINITY
  const [, count, unit = ""] = /^(\d*\.?\d+)([smhd]?)$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 1)
}

const pause: Program = async (process, argv) => {
  const parts = argv.slice(1).map(secondsIn)
  if (parts.length === 0 || parts.includes(undefined)) {
    await complain(process, `sleep: invalid time interval '${argv[1] ?? ""}'`)
    return 1
  }
  await sleep(process, parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) * 1000)
  return 0
}

/** What gives the time, and lets it pass. */
export const clockPrograms: Readonly<Record<string, Program>> = { date, sleep: pause }
