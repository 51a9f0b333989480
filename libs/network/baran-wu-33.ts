import type { NetworkData } from './network-data.ts';

/** Consumption in kW and kvar of buses 1 … 33. */
const LOADS =
  '0,0 100,60 90,40 120,80 60,30 60,20 200,100 200,100 60,20 60,20 45,30 60,35 60,35 120,80 60,10 60,20 60,20 90,40 90,40 90,40 90,40 90,40 90,50 420,200 420,200 60,25 60,25 60,20 120,70 200,600 150,70 210,100 60,40';
/** From, to, r and x in ohm of the 32 lines that are closed. */
const LINES =
  '1,2,.0922,.047 2,3,.493,.2511 3,4,.366,.1864 4,5,.3811,.1941 5,6,.819,.707 6,7,.1872,.6188 7,8,.7114,.2351 8,9,1.03,.74 9,10,1.044,.74 10,11,.1966,.065 11,12,.3744,.1238 12,13,1.468,1.155 13,14,.5416,.7129 14,15,.591,.526 15,16,.7463,.545 16,17,1.289,1.721 17,18,.732,.574 2,19,.164,.1565 19,20,1.5042,1.3554 20,21,.4095,.4784 21,22,.7089,.9373 3,23,.4512,.3083 23,24,.898,.7091 24,25,.896,.7011 6,26,.203,.1034 26,27,.2842,.1447 27,28,1.059,.9337 28,29,.8042,.7006 29,30,.5075,.2585 30,31,.9744,.963 31,32,.3105,.3619 32,33,.341,.5302';

const numbers = (row: string): number[] => row.split(',').map(Number);

interface BaranWu33 extends NetworkData {
  readonly buses: readonly { readonly id: string; readonly p: number; readonly q: number }[];
}

/**
 * The 33-bus feeder: 12.66 kV, bus 1 at the grid, 3 715 kW and 2 300 kvar, no limits of voltages or lines.
 * Source: Baran & Wu, Network reconfiguration in distribution systems for loss reduction and load balancing, IEEE
 * Transactions on Power Delivery 4(2), 1989, doi:10.1109/61.25627.
 */
export function baranWu33(): BaranWu33 {
  return {
    base: { kv: 12.66, mva: 10 },
    root: '1',
    buses: LOADS.split(' ').map((row, i) => {
      const [p, q] = numbers(row);
      return { id: String(i + 1), p: p!, q: q! };
    }),
    lines: LINES.split(' ').map((row) => {
      const [from, to, r, x] = numbers(row);
      return { from: String(from), to: String(to), r: r!, x: x! };
    }),
  };
}
