/*
 * A thread of AdditionThreads: adds, and gives the sum's memory away.
 */
import { parentPort } from 'node:worker_threads';
import { add, type Addition } from './addition.ts';

parentPort!.on('message', (addition: Addition) => {
  try {
    const sum = add(addition);
    parentPort!.postMessage({ sum }, [sum.buffer]);
  } catch (error) {
    parentPort!.postMessage({ error }, []);
  }
});
