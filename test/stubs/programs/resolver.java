// InetAddress, without the cache that Java puts before it. See README.md for the lines read and written.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class Resolver {
  public static void main(String[] args) throws Exception {
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      var words = line.split(" ");
      long start = System.nanoTime();
      String found = lookUp(words[0], words[1]);
      double elapsed = (System.nanoTime() - start) / 1e6;
      System.out.println(String.format(Locale.ROOT, "%.3f ", elapsed) + found);
      System.out.flush();
    }
  }

  private static String lookUp(String kind, String subject) {
    try {
      return kind.equals("reverse") ? nameOf(subject) : addressesOf(subject);
    } catch (UnknownHostException error) {
      String message = String.valueOf(error.getMessage());
      boolean isUnknown = message.contains("Name or service not known")
          || message.contains("No address associated with hostname");
      return isUnknown ? "none" : "!" + message.replace(' ', '_');
    }
  }

  /** Java believes the name of an address only when the name leads back to it. */
  private static String nameOf(String address) throws UnknownHostException {
    String name = InetAddress.getByName(address).getCanonicalHostName();
    boolean isAddress = name.contains(":") || name.equals(address);
    return isAddress ? "none" : name;
  }

  private static String addressesOf(String name) throws UnknownHostException {
    List<String> found = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(name)) found.add(address.getHostAddress());
    return String.join(" ", found);
  }
}
