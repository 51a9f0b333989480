/**
 * optimization: solves the programs that domain libs state as data (`LpProblem` of core); the only importer of `highs`.
 *
 * Vocabulary: solver (one WebAssembly instance of HiGHS, one a thread), options (explicit, recorded in every solution),
 * open program (kept in the solver, changed and solved again from where it stood), subsets of parts (each solved, in threads).
 * References: Huangfu & Hall 2018 (dual revised simplex of HiGHS), https://highs.dev.
 */
export { type LpSolver, type OpenProgram, loadSolver } from './solver.ts';
export { type SubsetOptions, subsetObjectives } from './subsets.ts';
export { type LpOptions, type LpSearch } from './options.ts';
