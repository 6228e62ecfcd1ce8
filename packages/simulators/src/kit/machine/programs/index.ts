import { sh } from "../shell/sh.ts"
import type { Program } from "../shell/spawn.ts"
import { xargs } from "./child.ts"
import { clockPrograms } from "./clock.ts"
import { columnPrograms } from "./columns.ts"
import { dd } from "./dd.ts"
import { factPrograms } from "./facts.ts"
import { find } from "./find.ts"
import { folderPrograms } from "./folders.ts"
import { grep } from "./grep.ts"
import { gzip } from "./gzip.ts"
import { listingPrograms } from "./listing.ts"
import { nvidiaSmi } from "./nvidia-smi.ts"
import { processPrograms } from "./processes.ts"
import { sed } from "./sed.ts"
import { servePrograms } from "./serve.ts"
import { tar } from "./tar.ts"
import { textPrograms } from "./text.ts"
import { python, train } from "./train.ts"

/** Every program of a simulated machine, by name. */
export const programs: ReadonlyMap<string, Program> = new Map<string, Program>(
  Object.entries({
    ...{
      ...clockPrograms,
      ...factPrograms,
      ...folderPrograms,
      ...listingPrograms,
      ...processPrograms,
      ...textPrograms,
      ...columnPrograms
    },
    ...{
      sh,
      dash: sh,
      bash: sh,
      dd,
      find,
      xargs,
      sed,
      tar,
      gzip,
      gunzip: gzip,
      zcat: gzip,
      grep,
      egrep: grep,
      fgrep: grep
    },
    ...{ ...servePrograms, "nvidia-smi": nvidiaSmi, train, python, python3: python }
  })
)
