/** A public key of the account. Source: Huddle01 docs, GPU SSH Keys. */
export interface SshKey {
  readonly id: string
  readonly name: string
  readonly fingerprint: string
  readonly key_type: string
  readonly created_at: string
}

/** A key of the API. Its secret is shown once, at creation. Source: Huddle01 docs, Create API key. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly secret: string
  readonly created_at: string
}

/** A webhook. Its secret is shown once, at creation. Source: Huddle01 docs, Create webhook. */
export interface Webhook {
  readonly id: string
  readonly secret: string
  readonly created_at: string
  url: string
  events: readonly string[]
  is_active: boolean
  updated_at: string
}

/** A place in the waitlist; an empty location means any. Source: Huddle01 docs, GPU Waitlist. */
export interface WaitlistRequest {
  readonly id: string
  readonly cluster_type: string
  readonly location: string
  readonly status: string
  readonly auto_deploy: boolean
  readonly created_at: string
  readonly updated_at: string
}
