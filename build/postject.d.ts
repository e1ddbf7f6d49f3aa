declare module 'postject' {
  /** Puts `data` into the program as a part named `name`, and turns the fuse on. */
  export function inject(program: string, name: string, data: Buffer, options: { sentinelFuse: string }): Promise<void>
}
