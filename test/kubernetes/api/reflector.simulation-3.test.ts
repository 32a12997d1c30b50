import { testSeeds } from './simulation-seeds.ts'

testSeeds(1001, 500)
