import { execFileSync } from "node:child_process"
import { visible } from "anygpu"
import fc from "fast-check"
import { expect, test } from "vitest"
import { commandText } from "./shell-command.ts"

test("each word arrives as one word in a shell, and none is run", () => {
  const hostile = fc.constantFrom(
    "$(touch x)",
    "`id`",
    ";",
    "&&",
    "'",
    '"',
    "\\",
    "~",
    "*",
    "!",
    "#",
    " ",
    "a",
    "$HOME",
    "\u001b[2J",
    "\n"
  )
  const word = fc.array(hostile, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const said = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${commandText(...words)}`], { encoding: "utf8" })
      expect(said.split("\0").slice(0, -1)).toEqual(words.map((one) => visible(one)))
    }),
    { numRuns: 40 }
  )
})

test("what needs no quotes has none", () => {
  expect(commandText("ssh", "-p", 2222, "root@203.0.113.7")).toBe("ssh -p 2222 root@203.0.113.7")
})
