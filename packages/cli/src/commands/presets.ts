import { commandText, givenIn, presets, presetTexts } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { answering } from "../command/answering.ts"
import { flagOf } from "../command/flags.ts"
import { fieldsText } from "../fields.ts"
import { configPath } from "../paths.ts"
import { plain } from "../plain.ts"

/** `anygpu presets`: what the config file keeps under names, as the options that it stands for. */
export const run = answering(presets, ({ out, io, settings }, all) => {
  for (const flaw of all.flatMap(({ flaws }) => flaws)) out.warn(plain(flaw))
  const optionsOf = (preset: (typeof all)[number]["preset"]): ReadonlyArray<string> =>
    givenIn(preset).flatMap(({ name, field, value }) => {
      const flag = `--${flagOf(name, field)}`
      if (typeof value === "boolean") return value ? [flag] : []
      return presetTexts(value).map((text) => commandText(flag, text))
    })
  return {
    text: () =>
      all.length === 0
        ? `The config file has no presets: ${settings.config ?? configPath(io.env)}`
        : fieldsText(
            out,
            all.map(({ name, preset }) => [plain(name), optionsOf(preset)] as const)
          ),
    ...(all.some(({ flaws }) => flaws.length > 0) && { code: exitCodes.usage.code })
  }
})
