// Where things are, from the repository's root.

import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** What failed tests leave behind. */
export const artefacts = fileURLToPath(new URL('target/e2e/', root));

/** The pictures that the documentation shows. */
export const screenshots = fileURLToPath(new URL('docs/screenshots/', root));

/** The pictures of all states in all looks, to be looked at. */
export const pictures = fileURLToPath(new URL('target/e2e-pictures/', root));
