import fc from "fast-check"
import { expect, test } from "vitest"
import { redactedOptions } from "../contract/launch/record.ts"
import { imageParts } from "./image-login.ts"

const hex = "0123456789abcdef".repeat(4)

test.each([
  ["ubuntu:24.04", "ubuntu:24.04"],
  ["registry.test:5000/a/b:1", "registry.test:5000/a/b:1"],
  [`ghcr.io/a/b:1@sha256:${hex}`, `ghcr.io/a/b:1@sha256:${hex}`],
  ["vastai/pytorch:@vastai-automatic-tag", "vastai/pytorch:@vastai-automatic-tag"],
  ["me:hunter2@ghcr.io/a/b:1", "ghcr.io/a/b:1"],
  ["https://me:hun/ter2@ghcr.io/a/b:1", "https://ghcr.io/a/b:1"],
  ["https://me:hun@ter/2@ghcr.io:5000/a", "https://ghcr.io:5000/a"],
  [`me:hunter2@ghcr.io/a@sha256:${hex}`, `ghcr.io/a@sha256:${hex}`],
  ["https://host.test/os.img?token=hunter2", "https://host.test/os.img"],
  ["https://host.test/os.img?a=b#hunter2", "https://host.test/os.img"],
  ["https://me:p?w@host.test/os.img", "https://<redacted>"],
  ["https://host.test/os.img?token=a@b", "https://<redacted>"]
])("%s is kept as %s", (image, shown) => {
  expect(imageParts(image).shown).toBe(shown)
})

test("no password and no token is kept, whatever signs it has, by the ledger either", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9/@:?#%&=+._~-]{6,30}$/).filter((text) => /[A-Za-z0-9]{6}/.test(text))
  const forms: ReadonlyArray<(secret: string) => string> = [
    (text) => `https://me:${text}@host.test/a:1`,
    (text) => `me:${text}@host.test/a:1`,
    (text) => `https://host.test/a?token=${text}`,
    (text) => `https://me:x@host.test/a?x=1&token=${text}`
  ]
  fc.assert(
    fc.property(secret, fc.constantFrom(...forms), (text, written) => {
      const image = written(text)
      const { shown, secrets } = imageParts(image)
      const parts = text.match(/[A-Za-z0-9]{6,}/g) ?? []
      for (const part of parts)
        expect(JSON.stringify([shown, redactedOptions({ image, os: image })])).not.toContain(part)
      for (const part of parts) expect(secrets.some((one) => one.includes(part))).toBe(true)
    }),
    { numRuns: 3_000 }
  )
})
