import { getCollection, type CollectionEntry } from 'astro:content';

export type Post = CollectionEntry<'posts'>;

/** All posts that readers may see, the newest first. */
export async function publishedPosts(): Promise<Post[]> {
  const posts = await getCollection('posts', ({ data }) => !data.draft);
  return posts.sort((a, b) => b.data.published.valueOf() - a.data.published.valueOf());
}

/** The part of an address that stands for a tag or a category. */
export function segment(name: string): string {
  return name.trim().toLowerCase().replace(/[\s/?#]+/g, '-');
}

/** Groups posts by the addresses that `keys` gives each of them; a group keeps the first spelling of its name. */
export function grouped(posts: Post[], keys: (post: Post) => string[]): Map<string, { name: string; posts: Post[] }> {
  const groups = new Map<string, { name: string; posts: Post[] }>();
  for (const post of posts) {
    for (const name of new Set(keys(post))) {
      const group = groups.get(segment(name)) ?? { name, posts: [] };
      group.posts.push(post);
      groups.set(segment(name), group);
    }
  }
  return groups;
}
