import { expect, test } from "vitest"
import { quoted, wordsIn } from "./check-words.ts"

const found = (text: string) => wordsIn("a.ts", text).map(({ line, rule }) => `${line} ${rule}`)

test("finds an avoided word with its line, in any case and over a line's end", () => {
  expect(found("fine\nThe cloud has told nothing")).toEqual(['2 "told" is avoided'])
  expect(found("Whoever asks\nis held\nagainst the list")).toEqual([
    '1 "Whoever" is avoided',
    '2 "held against" is avoided'
  ])
  expect(found('"gpu" is none of container, vm')).toEqual(['1 "is none" is avoided'])
})

test("lets plain words and longer ones be", () => {
  expect(found("none is left; retold; a canew; is none the worse")).toEqual([])
})

test("of a source only what is quoted counts, in its line", () => {
  const source = 'const told = 1 // whoever\n/** told */\nfail("is none", `anew`, told)\n'
  expect(found(quoted(source))).toEqual(['3 "is none" is avoided', '3 "anew" is avoided'])
})
