const RENEW_AFTER_INSERTS = 1024;

/**
 * A Map for entries that come and go by the thousand.
 *
 * When a Map makes itself a new table, V8 links the old one to it. Once a single old table has grown old enough to
 * leave the young generation, that chain keeps every later entry alive up to the next full collection: each entry is
 * copied twice and moved to the old generation, although it lived for milliseconds. So the whole Map is replaced now
 * and then, which cuts the chain.
 */
export class TransientMap<K, V> {
  #map = new Map<K, V>();
  #inserts = 0;

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    this.#inserts += 1;
    // A Map of many entries that stay is renewed more seldom: copying must not cost more than inserting.
    if (this.#inserts > Math.max(RENEW_AFTER_INSERTS, 4 * this.#map.size)) {
      this.#map = new Map(this.#map);
      this.#inserts = 0;
    }
    this.#map.set(key, value);
  }

  delete(key: K): boolean {
    return this.#map.delete(key);
  }

  /** The values as they are now, oldest first; sets meanwhile may not be seen. */
  values(): MapIterator<V> {
    return this.#map.values();
  }
}
