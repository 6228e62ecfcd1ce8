export {
  type ConnectedMachine,
  connect,
  loginInLedger,
  type OpenForward,
  type OpenShell,
  type RunningProcess,
  ready
} from "./connect.ts"
export type { DownloadOptions } from "./copy/download.ts"
export type { CopyOptions, Entry, Progress, Skipped, Transferred } from "./copy/entry.ts"
export type { UploadOptions } from "./copy/upload.ts"
export { type SshEffects, type SshPromises, ssh } from "./extension.ts"
export type { Address, SshError } from "./failures.ts"
export type { Forward } from "./forward.ts"
export { fileKnownHosts, type KnownHosts, memoryKnownHosts } from "./host-keys.ts"
export type { OutputOptions } from "./jobs/follow.ts"
export type { StartOptions, StopOptions } from "./jobs/job.ts"
export type { JobState, JobStatus } from "./jobs/job-status.ts"
export type { RunningJob } from "./jobs/promised.ts"
export type { KeyOptions } from "./keys/key-options.ts"
export { type ConnectOptions, userKnownHosts } from "./options.ts"
export type { ExecOptions, Executed, SpawnOptions } from "./process.ts"
export type { CallOptions } from "./promised.ts"
export type { Reached } from "./ready.ts"
export type { RunCallOptions, RunPromises } from "./run/client.ts"
export type { RunEvent } from "./run/event.ts"
export type { RunOutcome } from "./run/outcome.ts"
export type { AttachOptions, RunCheckpoint, RunDownload, RunRequest, RunUpload } from "./run/request.ts"
export type { Command, ForwardOptions, Session } from "./session.ts"
export type { Surroundings } from "./shell/script.ts"
export type { Input } from "./streams.ts"
export type { AddressOptions, HostTarget, MachineTarget, SshTarget } from "./target.ts"
export type { Exit, Terminal } from "./transport/connection.ts"
export type { FoundGpu, FoundSlice, GpuReading, GpusRead } from "./verify/gpu-reading.ts"
export type { FoundDisk } from "./verify/host.ts"
export { judge, type ObservedVerification, type OfferFacts } from "./verify/judge.ts"
export type { Observation, Speed } from "./verify/observation.ts"
export type { ClientTarget } from "./way.ts"
