import { buildStaleUi } from './build-for-start.ts'

/** The dashboard, if it is not built or not of these sources. */
await buildStaleUi()
