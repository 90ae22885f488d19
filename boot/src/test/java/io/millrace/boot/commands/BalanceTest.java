package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

class BalanceTest {

  private static final String STREAM =
      "{'stream':'clicks','acknowledged':10,'topic':10,'loaded':0,'bronze':9,'rejected':1,'repeated':0,"
          + "'late':0,'erased':0,'absent':0,'in_flight':0,'holds':true,'breaches':[]}";

  private static final String MONEY =
      "{'balance':'money','description':'Every penny','unit':'GBP','release':3,'state':'holds',"
          + "'holds':true,'broken':false,'sentence':null,'difference':0.000,"
          + "'in':{'name':'lines that came in','amount':9726006.950,'reasons':[]},"
          + "'out':[{'name':'gold.daily','amount':9770022.800,'reasons':[]},"
          + "{'name':'left out','amount':-44015.850,'reasons':["
          + "{'reason':'postage','amount':100},{'reason':'bank charges','amount':-44115.85}]}]}";

  private static final String UNBUILT =
      "{'balance':'visits','description':'Every visit is in the funnel','unit':'visits',"
          + "'release':null,'state':'not_built','holds':false,'broken':false,'in':null,'out':[],"
          + "'difference':null,'sentence':'gold.funnel is not built yet'}";

  private static String printed(String json) throws JsonProcessingException {
    Captured captured = new Captured();
    Balance.print(Server.JSON.readTree(json.replace('\'', '"')), captured.terminal());
    return captured.out();
  }

  @Test
  void streamsAlonePrintAsOneTable() throws Exception {
    assertThat(printed("{'holds':true,'streams':[" + STREAM + "],'balances':[]}"))
        .isEqualTo(
            """
            stream  acknowledged  on the topic  = bronze  + rejected  + repeated  + late  + absent  + in flight  balance
            ------  ------------  ------------  --------  ----------  ----------  ------  --------  -----------  -------
            clicks            10            10         9           1           0       0         0            0  holds
            The balance holds: nothing lost, nothing twice, nothing made up.
            """);
  }

  @Test
  void linesThatWereLoadedWentInAsWell() throws Exception {
    String stream = STREAM.replace("'loaded':0,'bronze':9", "'loaded':5,'bronze':14");
    assertThat(printed("{'holds':true,'streams':[" + stream + "],'balances':[]}"))
        .startsWith("stream  acknowledged  on the topic  + lines loaded  = bronze  ")
        .contains("clicks            10            10               5        14  ");
  }

  @Test
  void balancesShowWhatWentInAndWhatBecameOfIt() throws Exception {
    String json = "{'holds':true,'streams':[" + STREAM + "],'balances':[" + MONEY + "," + UNBUILT;
    assertThat(printed(json + "]}"))
        .contains(
            """

            balance            amount  of                            balance
            -----------  ------------  ----------------------------  ------------------
            money (GBP)  9,726,006.95  lines that came in            holds in release 3
                         9,770,022.80  = gold.daily
                           -44,015.85  + left out
                                           postage: 100.00
                                           bank charges: -44,115.85
            visits                     Every visit is in the funnel  not built yet
            visits: gold.funnel is not built yet
            The balance holds: nothing lost, nothing twice, nothing made up.
            """);
  }

  @Test
  void aBreachIsNamed() throws Exception {
    String breached =
        MONEY
            .replace(
                "'state':'holds','holds':true,'broken':false",
                "'state':'breached','holds':false,'broken':true")
            .replace("'sentence':null", "'sentence':'5 GBP went in and 4 came out, 1 less'");

    assertThat(printed("{'holds':false,'streams':[],'balances':[" + breached + "]}"))
        .contains("DOES NOT HOLD")
        .contains("money: 5 GBP went in and 4 came out, 1 less\n")
        .endsWith("The balance does not hold.\n");
  }

  @Test
  void whatIsBehindIsNeitherRightNorWrong() throws Exception {
    String behind =
        MONEY
            .replace("'state':'holds','holds':true", "'state':'behind','holds':false")
            .replace("'sentence':null", "'sentence':'gold.daily has not taken in all'");

    assertThat(printed("{'holds':true,'streams':[],'balances':[" + behind + "]}"))
        .contains("behind in release 3")
        .contains("money: gold.daily has not taken in all\n")
        .endsWith("Nothing is wrong so far; what is behind cannot be told yet.\n");
  }
}
