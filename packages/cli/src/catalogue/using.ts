import {
  attach,
  copy,
  exec,
  forward,
  jobs,
  notebook,
  runJob,
  ssh,
  sshConfig,
  stopJob,
  verify
} from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { sshFields } from "../command/fields.ts"
import { attachFields, runFields } from "../command/run-fields.ts"
import {
  copyFields,
  execFields,
  forwardFields,
  notebookFields,
  sshConfigFields,
  verifyFields
} from "../command/using-fields.ts"
import type { CommandEntry } from "./entry.ts"

const login = { letters: { identity: "i" } }

/** What runs commands on machines that are rented for them. */
const running: ReadonlyArray<CommandEntry> = [
  commandOf(runJob, {
    ...{ group: "Use", input: runFields, places: ["command"], asksClouds: true, takesPreset: true },
    summary: "rent a machine for a command, run it there, bring the results home, and end the machine, for real money",
    about:
      "Its exit code is the command's, and the machine is ended whatever happens. A lost connection loses nothing; the same " +
      "call with the same --key comes back to the run and begins nothing twice. Ctrl-C asks the command to stop and brings home " +
      "what is there; twice leaves at once, and says what is left.",
    calls: [
      {
        call: `anygpu run --gpu "RTX 4090" --image pytorch/pytorch --for 3h --max-total 6 --upload . --download 'out/**' -- python train.py`,
        does: "the whole of it"
      },
      {
        call: "anygpu run --gpu h100 --image pytorch/pytorch --for 8h --interruptible --bid 0.90 --retry 5 --checkpoint ckpt -- python train.py",
        does: "on machines that may be taken away, each from the last checkpoint on"
      },
      { call: "anygpu run --on trainer --upload . -- 'make test'", does: "on a machine that is there" }
    ],
    load: () => import("../commands/run.ts")
  }),
  commandOf(jobs, {
    ...{ group: "Use", input: jobs.input },
    load: () => import("../commands/jobs.ts")
  }),
  commandOf(attach, {
    ...{ group: "Use", input: attachFields, places: ["run"], asksClouds: true },
    load: () => import("../commands/attach.ts")
  }),
  commandOf(stopJob, {
    ...{ group: "Use", input: stopJob.input, places: ["run"], asksClouds: true },
    load: () => import("../commands/stop-job.ts")
  })
]

/** What gets into machines and uses them. */
export const using: ReadonlyArray<CommandEntry> = [
  ...running,
  commandOf(ssh, {
    ...{ group: "Use", input: sshFields, places: ["ref", "command"], ...login },
    summary: "log in with ssh, or run a command there",
    about: null,
    examples: [{ call: "anygpu ssh trainer -- nvidia-smi", does: "one command; its exit code is the answer" }],
    load: () => import("../commands/ssh.ts")
  }),
  commandOf(exec, {
    ...{ group: "Use", input: execFields, places: ["ref", "command"], ...login },
    summary: "run a command there, for scripts: its streams and its exit code are the answer",
    about:
      "One word is a line for the machine's shell; several are a program and its arguments, each as it is. Standard input " +
      "goes to it, its two outputs stay apart, and Ctrl-C ends it with all that it started. It has no terminal: for " +
      "programs that want one there is anygpu ssh. With --json its outputs are collected, and their ends are printed.",
    calls: [
      { call: "anygpu exec trainer -- nvidia-smi", does: "its exit code is the answer" },
      { call: "anygpu exec trainer -- 'du -sh out/* | sort -h'", does: "a line for the shell there" },
      {
        call: "anygpu exec trainer --env HF_TOKEN --cwd work -- python train.py",
        does: "with a variable of this shell"
      },
      { call: "anygpu exec trainer -- tar xf - < data.tar", does: "with an input" }
    ],
    load: () => import("../commands/exec.ts")
  }),
  commandOf(copy, {
    ...{ group: "Use", input: copyFields, places: ["paths"], ...login },
    calls: [
      { call: "anygpu cp train.py data trainer:work/", does: "a file and a folder into a folder of the machine" },
      { call: "anygpu cp . trainer:work", does: "what this folder holds, without what .gitignore names" },
      { call: "anygpu cp 'trainer:work/out/*.pt' results", does: "by a pattern; quoted, so that this shell leaves it" },
      { call: "anygpu cp trainer:work/out/last.pt best.pt", does: "one file, under another name" }
    ],
    load: () => import("../commands/copy.ts")
  }),
  commandOf(verify, {
    ...{ group: "Use", input: verifyFields, places: ["ref"], ...login },
    calls: [
      {
        call: "anygpu verify trainer",
        does: "its GPUs, their health, its cores, memory and disk; 14 where one is wrong"
      },
      { call: "anygpu verify trainer --write 1GB", does: "and how fast its disk is" }
    ],
    load: () => import("../commands/verify.ts")
  }),
  commandOf(forward, {
    ...{ group: "Use", input: forwardFields, places: ["ref", "ports"], ...login },
    summary: "lead ports of a machine to this computer, until Ctrl-C",
    about:
      "They listen on this computer alone. A port that is taken here is left for another one, unless it was named. After a " +
      "lost connection the next that comes in connects again.",
    calls: [
      { call: "anygpu forward trainer 8888", does: "http://127.0.0.1:8888 is that of the machine" },
      { call: "anygpu forward trainer 6006:7007 --open", does: "under another number, and in the browser" }
    ],
    load: () => import("../commands/forward.ts")
  }),
  commandOf(notebook, {
    ...{ group: "Use", input: notebookFields, places: ["ref"], ...login },
    summary: "open Jupyter on a machine, and start it where none runs",
    about:
      "Prints its address with its token, and leads it here until Ctrl-C. Jupyter goes on then: call again to come back, " +
      "and --stop ends it. It listens on the machine alone.",
    calls: [
      { call: "anygpu notebook trainer --open", does: "in the browser" },
      { call: "anygpu notebook trainer --stop", does: "ends what was started so" }
    ],
    load: () => import("../commands/notebook.ts")
  }),
  commandOf(sshConfig, {
    ...{ group: "Use", input: sshConfigFields, ...login, asksClouds: true },
    summary: "let ssh, VS Code and rsync reach the machines by their names",
    about:
      "Prints what belongs into ssh's configuration; --install keeps it there. Machines that are launched later are added, " +
      "and those that end are taken out. Host keys are held to the machine. What you have written yourself is not touched.",
    calls: [
      { call: "anygpu ssh-config --install", does: "then: ssh trainer, rsync -a . trainer:work" },
      { call: "anygpu ssh-config --remove", does: "as if it had never been" }
    ],
    load: () => import("../commands/ssh-config.ts")
  })
]
