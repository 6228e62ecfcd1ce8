import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { clouds as listed } from "@anygpu/clouds"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { childEnv } from "../testing/child-env.ts"
import { type Shell, scriptFor, shells } from "./scripts.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-shell-"))
const bin = join(import.meta.dirname, "../bin.ts")

beforeAll(() => {
  const call = `exec ${process.execPath} --conditions=anygpu-source ${bin} "$@"`
  writeFileSync(join(folder, "anygpu"), `#!/bin/sh\n${call}\n`)
  chmodSync(join(folder, "anygpu"), 0o755)
  writeFileSync(join(folder, "config-of-mine.json"), "{}")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { ...childEnv, PATH: `${folder}:${childEnv.PATH}`, HOME: folder, LANG: "C.UTF-8" }

const isThere = (shell: Shell): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0

/** How each shell is asked, from a script, what it would offer for a line. */
const asking: Readonly<Record<Shell, (line: string) => ReadonlyArray<string>>> = {
  bash: (line) => [
    "--norc",
    "-c",
    // bash breaks its words at these too; the words themselves are not what the completion reads.
    `source <(anygpu completion bash); COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(anygpu); ` +
      `compopt() { echo "compopt $*"; }; _anygpu; printf '%s\\n' "\${COMPREPLY[@]}"`
  ],
  zsh: (line) => [
    "-fc",
    `compdef() { :; }; _files() { print files; }; compset() { :; }; _describe() { print -rl -- "\${(@P)3}"; }
     eval "$(anygpu completion zsh)"; words=(\${(s: :)1}); [[ $1 == *" " ]] && words+=(""); CURRENT=$#words; PREFIX=$words[-1]; _anygpu`,
    "zsh",
    line
  ],
  fish: (line) => ["--no-config", "-c", `anygpu completion fish | source; complete -C ${JSON.stringify(line)}`]
}

const ask = (shell: Shell, line: string): ReadonlyArray<string> =>
  execFileSync(shell, asking[shell](line), { env, cwd: folder, encoding: "utf8" })
    .split("\n")
    .filter((text) => text !== "")

describe.each(shells)("%s", (shell) => {
  // It is not on every machine; the script is the same there.
  test.skipIf(!isThere(shell))(
    "completes commands, options, values and files",
    () => {
      const found = (line: string) => ask(shell, line).map((text) => text.split(/[\t]|(?<!\\):/)[0])
      expect(found("anygpu off")).toEqual(["offers"])
      expect(found("anygpu offers --min-v").sort()).toEqual(["--min-vcpus", "--min-vram"])
      expect(found("anygpu offers --cloud ")).toEqual(listed.map(({ name }) => name))
      expect(found("anygpu offers --gpu h100-s")).toEqual(["h100-sxm"])
      expect(found("anygpu offers --cloud=va")).toEqual([shell === "bash" ? "vast" : "--cloud=vast"])
      const files = { bash: ["compopt -o default"], zsh: ["files"], fish: ["config-of-mine.json"] }
      expect(found("anygpu --config config-of")).toEqual(files[shell])
    },
    60_000
  )
})

test.skipIf(!isThere("bash"))("bash inserts what a cloud named as one word, and runs none of it", () => {
  const bare = mkdtempSync(join(tmpdir(), "anygpu-quotes-"))
  const values = ["a$(touch ran)", "b`touch ran`", "c; touch ran", "d e", "it's", "plain/container/1"]
  const script = [
    "#!/bin/sh",
    ...values.map((value) => `printf '%s\\tits name\\n' '${value.replaceAll("'", "'\\''")}'`)
  ]
  writeFileSync(join(bare, "anygpu"), script.join("\n"))
  chmodSync(join(bare, "anygpu"), 0o755)
  writeFileSync(join(bare, "completion.sh"), scriptFor("bash"))
  const call =
    "source ./completion.sh; COMP_LINE='anygpu show '; COMP_POINT=12; COMP_WORDS=(anygpu show ''); COMP_CWORD=2; " +
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the shell
    'PATH="$PWD:$PATH" _anygpu; eval "set -- ${COMPREPLY[*]}"; printf \'%s\\n\' "$@"; ls'
  const said = execFileSync("bash", ["--norc", "-c", call], { cwd: bare, encoding: "utf8" }).split("\n")
  rmSync(bare, { recursive: true, force: true })
  expect(said).toEqual([...values, "anygpu", "completion.sh", ""])
})
