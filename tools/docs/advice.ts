import type { GpuError } from "../../packages/core/src/index.ts"

/** What people should know of an error beyond its doc comment. */
export interface Advice {
  /** Whether calling again can help. */
  readonly retry: string
  /** Situations that it comes from. */
  readonly when: ReadonlyArray<string>
  /** What to do. */
  readonly todo: string
}

/** What follows from each error; a new one does not compile without its line. */
export const advice: Readonly<Record<GpuError["_tag"], Advice>> = {
  Unsupported: {
    retry: "permanent",
    when: [
      '`act(ref, "stop")` where the kind cannot stop',
      "a launch option, an `update` or a log option that the kind lacks",
      "one that the cloud's documents promise and the cloud refuses"
    ],
    todo: "Ask `supports`, `portability`, or look at `capabilities` and `launchOptions` first. Without the option, or on another cloud, it may go."
  },
  IllegalAction: {
    retry: "temporary",
    when: ["logs of a machine that is still booting", "a start of one that runs", "anything of one that has ended"],
    todo: "Wait for a status that allows it, with `waitUntilReady` or `waitFor`; `legal` lists what is allowed now."
  },
  InvalidRequest: {
    retry: "permanent",
    when: [
      "an unknown GPU or filter, a wrong duration, an invalid amount",
      "a launch without an option that its kind needs",
      "a ref of another cloud, or the whole machine in its place",
      "a value that the cloud refuses"
    ],
    todo: "Correct each of `issues`: path and problem."
  },
  Unauthenticated: {
    retry: "permanent",
    when: ["a key that is missing, mistyped, revoked, or of another account"],
    todo: "Check the API key. `anygpu doctor` does."
  },
  PermissionDenied: {
    retry: "permanent",
    when: ["a key that may only read", "an account that may not rent this"],
    todo: "Check what the key and the account may do, in the cloud's console."
  },
  NotFound: {
    retry: "permanent",
    when: ["a machine that this ledger has never seen, and the cloud does not know", "a key or an image that is gone"],
    todo: "`list()` shows what is there. A machine that was known and is gone is no error: it reads as `terminated`."
  },
  Conflict: {
    retry: "temporary; permanent when waiting cannot help",
    when: [
      "a wait for a machine that was stopped, interrupted or ended meanwhile",
      "a launch with a `key` whose machine has ended",
      'a machine that cannot be ended yet, with `ifBusy: "fail"`',
      "an update while the one before is being applied"
    ],
    todo: "Look at the machine's status, and at `leftovers`: a machine that was waited for may cost money. A new launch takes a new key."
  },
  NoCapacity: {
    retry: "permanent for an offer that is gone; temporary for a start that may succeed later",
    when: [
      "somebody else took the offer",
      "a launch on several offers that could have none of them: `trail` says why",
      "a start of a stopped machine whose GPU is taken"
    ],
    todo: "List the offers again and take another one. A launch with `candidates` does so by itself."
  },
  OutOfFunds: {
    retry: "permanent",
    when: [
      "the account has too little for this launch, or less than the cloud wants there",
      "a price above `maxPerHour`, `maxTotal` or the client's `spendLimit`: `ownLimit` is true, and nothing was sent"
    ],
    todo: "Add credit, take a cheaper offer, or raise your limit."
  },
  RateLimited: {
    retry: "temporary, then exhausted",
    when: ["too many calls with this key, by this program or another one"],
    todo: "It was repeated within limits already. Wait for `retryAfter` before the next call."
  },
  Timeout: {
    retry: "temporary, or exhausted after repeats",
    when: [
      "a machine that is not ready within `within`, or the cloud's own boot time",
      "an end that was asked for and is not seen yet",
      "an answer that did not come"
    ],
    todo: "From a wait or a terminate: the machine is still there and may cost money. Wait longer, or terminate it."
  },
  Network: {
    retry: "temporary, or exhausted after repeats; permanent for a bad address or certificate",
    when: ["no network, a wrong `baseUrl`, a proxy in between", "a connection that broke"],
    todo: 'Check the network and `baseUrl`. After a write with `sent: "maybe"`, look at `list()` first.'
  },
  ProviderFault: {
    retry: "temporary, or exhausted after repeats; permanent where the cloud says so",
    when: ["the cloud answered 5xx", "a machine that failed, or cannot reach the wanted status"],
    todo: "Try later. A machine that failed may still exist and cost money: terminate it."
  },
  BadResponse: {
    retry: "permanent for another shape; temporary for an answer that is not JSON",
    when: ["the cloud has changed its answers", "something in between answered, such as a proxy's login page"],
    todo: "Look for a newer version, or check `baseUrl`. `path` names the field. `anygpu doctor` shows what a cloud changed."
  },
  LaunchUnsettled: {
    retry: "temporary",
    when: ["the answer to a create was lost, and the cloud's lists could not be read, or not all of them, until now"],
    todo: "Do not launch again. Call `recover()` later, or look for `marker` in the cloud's console."
  },
  Unreachable: {
    retry:
      "temporary; exhausted when it was tried for as long as it was to be; permanent for a name that does not exist",
    when: [
      "a machine whose sshd is not up yet, or that is gone",
      "a firewall, or no network",
      "a port where something else answers than ssh"
    ],
    todo: "Connect with `within`, which tries until then. `reason` says what is in the way."
  },
  LoginRefused: {
    retry: "temporary while a new machine may still be given its keys; permanent where there is no key to try",
    when: ["none of the keys tried is the one the machine was launched with", "another user's name"],
    todo: "Name the private key with `key`, or add it to the agent. `tried` lists those that were tried."
  },
  HostKeyChanged: {
    retry: "permanent",
    when: ["another machine has the address by now", "the machine was set up again", "somebody in between answers"],
    todo: "Find out which. Where the machine was set up again, `forget` the key in `knownHosts`."
  },
  ConnectionLost: {
    retry: "temporary",
    when: ["a network that broke, a laptop that slept", "the machine was ended or restarted under the connection"],
    todo: "Look on the machine before doing it again: the command may have run. A job that runs detached goes on, and is followed again."
  },
  RemoteFailed: {
    retry: "permanent",
    when: ["a full disk, or a folder that may not be written, while copying", "a program that the machine lacks"],
    todo: "Read `stderr`, then correct what it names."
  }
}
