package io.millrace.shop;

import static io.millrace.shop.JsonBytes.ascii;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the shop sells, made from its seed. The first products are the ones most people want. */
final class Catalogue {

  private static final double SKEW = 0.9;

  private static final String[] COLOURS = {
    "Ivory", "Rose", "Mint", "Cobalt", "Charcoal", "Amber", "Sage", "Coral", "Plain", "Striped"
  };
  private static final String[] MATERIALS = {
    "Enamel", "Oak", "Ceramic", "Cotton", "Glass", "Linen", "Brass", "Paper", "Willow", "Felt"
  };

  /**
   * What products of a category are.
   *
   * @param pence the price around which its prices lie
   */
  private record Category(String text, int pence, List<String> things) {}

  private static Category of(String text, int pence, String... things) {
    return new Category(text, pence, List.of(things));
  }

  private static final List<Category> CATEGORIES =
      List.of(
          of("kitchen", 1495, "Teapot", "Mug", "Bowl", "Jug", "Cake Stand", "Tray", "Ladle", "Jar"),
          of(
              "lighting",
              2495,
              "Lamp",
              "Lantern",
              "Candle Holder",
              "Night Light",
              "Shade",
              "String Lights"),
          of(
              "garden",
              1895,
              "Planter",
              "Bird House",
              "Watering Can",
              "Trellis",
              "Wind Chime",
              "Trowel"),
          of(
              "stationery",
              495,
              "Notebook",
              "Pencil Case",
              "Gift Wrap",
              "Card Set",
              "Diary",
              "Stamp Set"),
          of("toys", 1295, "Puzzle", "Rag Doll", "Kite", "Train Set", "Building Blocks", "Puppet"),
          of("textiles", 2195, "Cushion", "Throw", "Tea Towel", "Apron", "Table Cloth", "Tote Bag"),
          of(
              "jewellery",
              2995,
              "Necklace",
              "Bracelet",
              "Earrings",
              "Brooch",
              "Ring Dish",
              "Trinket Box"),
          of(
              "bath",
              995,
              "Soap Dish",
              "Towel Ring",
              "Bath Mat",
              "Wash Bag",
              "Hand Mirror",
              "Sponge Rack"));

  private static final String[] NOT_SOLD = {
    "bicycle", "phone charger", "teapto", "snow globe 1950"
  };

  /**
   * A product, with what events say of it ready to be copied.
   *
   * @param pence its price
   * @param item the first fields of a click's item
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, on the hot path
  record Product(
      String id,
      String name,
      int pence,
      byte[] idText,
      byte[] nameText,
      byte[] category,
      byte[] item,
      byte[] url) {}

  /**
   * What people type into the search.
   *
   * @param found positions of the products it finds
   */
  @SuppressWarnings("ArrayRecordComponent") // read only, on the hot path
  record Search(byte[] text, byte[] url, int[] found) {}

  private final List<Product> products;
  private final double[] popularity;
  private final List<Search> searches;
  private final double[] searchPopularity;
  private final List<byte[]> categoryUrls = new ArrayList<>();

  Catalogue(long seed, int size) {
    Dice dice = new Dice(Dice.mix(seed) ^ 0xCA7A10);
    Map<String, List<Integer>> byThing = new TreeMap<>();
    List<Product> made = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Category category = CATEGORIES.get(dice.below(CATEGORIES.size()));
      String thing = category.things().get(dice.below(category.things().size()));
      byThing.computeIfAbsent(thing.toLowerCase(Locale.ROOT), none -> new ArrayList<>()).add(i);
      made.add(product(i, category, thing, dice));
    }
    for (Category category : CATEGORIES) {
      categoryUrls.add(ascii("https://shop.example/" + category.text()));
    }
    products = List.copyOf(made);
    popularity = Dice.zipf(size, SKEW);
    searches = searches(byThing, dice);
    searchPopularity = Dice.zipf(searches.size(), SKEW);
  }

  private static Product product(int i, Category category, String thing, Dice dice) {
    String id = String.format(Locale.ROOT, "P%05d", i + 1);
    String name = dice.pick(COLOURS) + " " + dice.pick(MATERIALS) + " " + thing;
    // From four tenths of the category's price to five halves of it, ending in a 5 as prices do.
    int pence = category.pence() * (4 + dice.below(22)) / 100 * 10 + 5;
    byte[] item =
        new JsonBytes()
            .put(ascii("{\"product_id\":\"" + id + "\",\"category\":\"" + category.text()))
            .put(ascii("\",\"price\":"))
            .money(pence)
            .toBytes();
    String slug = name.toLowerCase(Locale.ROOT).replace(' ', '-');
    return new Product(
        id,
        name,
        pence,
        ascii(id),
        ascii(name),
        ascii(category.text()),
        item,
        ascii("https://shop.example/" + category.text() + "/" + id + "-" + slug));
  }

  private static List<Search> searches(Map<String, List<Integer>> byThing, Dice dice) {
    List<Search> searches = new ArrayList<>();
    byThing.forEach(
        (thing, found) ->
            searches.add(search(thing, found.stream().mapToInt(Integer::intValue).toArray())));
    for (String nothing : NOT_SOLD) {
      searches.add(search(nothing, new int[0]));
    }
    // What is searched for most has nothing to do with the alphabet.
    for (int i = searches.size() - 1; i > 0; i--) {
      Collections.swap(searches, i, dice.below(i + 1));
    }
    return List.copyOf(searches);
  }

  private static Search search(String text, int[] found) {
    String url = "https://shop.example/search?q=" + text.replace(' ', '+');
    return new Search(ascii(text), ascii(url), found);
  }

  int size() {
    return products.size();
  }

  Product product(int position) {
    return products.get(position);
  }

  int any(Dice dice) {
    return dice.weighted(popularity);
  }

  Search anySearch(Dice dice) {
    return searches.get(dice.weighted(searchPopularity));
  }

  byte[] anyCategoryUrl(Dice dice) {
    return categoryUrls.get(dice.below(categoryUrls.size()));
  }
}
