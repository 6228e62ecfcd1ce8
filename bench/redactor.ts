import { makeRedactor } from "@anygpu/core/adapter"
import { inMillis, median } from "./measure.ts"

/** How long the redactor takes against the sizes of text and secrets, beside what a plain split and join takes. */

const rounds = Number(process.argv[2] ?? 7)
const sizes = [10_000, 100_000, 1_000_000]
const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** Signs that look random and are the same on every run. */
const randomSigns = (length: number, seed: number): string => {
  let state = seed
  const next = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return signs[(state >>> 8) % signs.length] ?? ""
  }
  return Array.from({ length }, next).join("")
}

/** Secrets of forty signs each, as many as make this size. */
const secretsOf = (size: number): ReadonlyArray<string> => {
  const all = randomSigns(size, 1)
  return Array.from({ length: size / 40 }, (_, at) => all.slice(at * 40, at * 40 + 40))
}

/** A log that echoes some of the secrets. */
const textOf = (size: number, secrets: ReadonlyArray<string>): string => {
  const filler = randomSigns(size, 2).replace(/.{60}/g, "$& error at ")
  return secrets.slice(0, 5).reduce(
    (text, secret, at) => {
      const place = Math.floor((text.length * (at + 1)) / 7)
      return `${text.slice(0, place)} ${secret} ${text.slice(place)}`
    },
    filler.slice(0, size)
  )
}

const timed = (run: () => unknown): number =>
  median(
    Array.from({ length: rounds }, () => {
      const start = performance.now()
      run()
      return performance.now() - start
    })
  )

const naive = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets.reduce((shown, secret) => shown.split(secret).join("<redacted>"), text)

/** What is measured must do its work, or its time means nothing. */
const mustHide = (text: string, secrets: ReadonlyArray<string>): void => {
  const shown = makeRedactor(secrets).text(text)
  const left = secrets.slice(0, 5).find((secret) => shown.includes(secret))
  if (left !== undefined || !shown.includes("<redacted>")) throw new Error("the redactor hid nothing")
}

const rows = sizes.flatMap((ofSecrets) =>
  sizes.map((ofText) => {
    const secrets = secretsOf(ofSecrets)
    const text = textOf(ofText, secrets)
    mustHide(text, secrets)
    const made = timed(() => makeRedactor(secrets).text(""))
    const all = timed(() => makeRedactor(secrets).text(text))
    // One search of the text for each secret: with many of them nobody would wait for it.
    const few = secrets.slice(0, 250)
    const plain = (timed(() => naive(text, few)) * secrets.length) / few.length
    const estimated = few.length < secrets.length ? " (estimated)" : ""
    return [
      `${ofSecrets / 1000} kB`,
      `${ofText / 1000} kB`,
      inMillis(made),
      inMillis(all),
      `${inMillis(plain)}${estimated}`
    ]
  })
)
const head = ["secrets", "text", "made ready", "made and used", "split and join"]
const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
for (const row of [head, ...rows]) console.log(row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("  "))
